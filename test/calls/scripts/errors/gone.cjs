module.exports = (agi) => agi.waitForDigit(5);
