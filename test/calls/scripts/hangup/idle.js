export default async (agi) => {
  await agi.setVariable('waits', '1');
  await new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve)));
  await agi.setVariable('noticed', agi.signal.reason.code);
};
