module.exports = async (agi) => agi.setVariable('ran', require('others'));
