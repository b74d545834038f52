import { once } from 'node:events';

export default async (agi) => {
  await agi.noop();
  if (!agi.signal.aborted) await once(agi.signal, 'abort');
};
