import name from 'others';

export default (agi) => agi.setVariable('ran', name);
