module.exports = (agi) => agi.manager();
