module.exports = async (agi) => {
  await agi.noop();
  await agi.noop();
  await agi.getVariable('X');
};
