module.exports = async (agi) => {
  await agi.noop();
};
