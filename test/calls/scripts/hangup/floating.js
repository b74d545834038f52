export default async (agi) => {
  agi.streamFile('x');
  await new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await agi.databasePut('results', 'kept', 'yes');
};
