module.exports = (agi) => agi.setVariable('ran', __filename);
