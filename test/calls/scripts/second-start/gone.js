export default async (agi) => {
  await agi.noop();
  await agi.setVariable('gone', String(agi.hungUp));
};
