import 'node:fs';

export default async (agi) => {
  await agi.noop(;
};
