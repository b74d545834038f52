export default async (agi) => {
  if (!agi.hungUp) await new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve)));
  await agi.setVariable('noticed', String(agi.signal.aborted));
};
