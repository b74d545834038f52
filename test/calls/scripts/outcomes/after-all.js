module.exports = async (agi) => {
  await agi.noop();
  throw new Error('too late');
};
