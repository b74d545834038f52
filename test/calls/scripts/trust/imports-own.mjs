import name from 'root';

export default (agi) => agi.setVariable('ran', name + process.getuid());
