export default async (agi) => {
  await agi.noop();
};
