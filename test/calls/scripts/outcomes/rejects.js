module.exports = async (agi) => {
  Promise.reject(new Error('lost'));
  await agi.waitForDigit(-1);
};
