module.exports = (agi) => agi.setVariable('ran', 'yes');
