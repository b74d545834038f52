module.exports = async (agi) => {
  const value = await agi.getVariable('X');
  await agi.setVariable('length', value.length);
};
