await null;

export default async (agi) => {
  await agi.noop();
};
