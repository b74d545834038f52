export default async (agi) => {
  const { reason } = await agi.recordFile('x', 'gsm', '#', 1000);
  await agi.setVariable('seen', reason + agi.hungUp + agi.signal.aborted);
};
