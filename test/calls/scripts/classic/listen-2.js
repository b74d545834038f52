module.exports = (agi) => agi.setVariable('audio', String(agi.audio));
