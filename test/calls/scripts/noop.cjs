module.exports = (agi) => agi.noop();
