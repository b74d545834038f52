module.exports = async (agi) => agi.waitForDigit(-1);
