module.exports = async (agi) => {
  await agi.hangup();
  await agi.setVariable('hungUp', String(agi.hungUp));
};
