export default async (agi) => {
  await agi.noop();
  setInterval(() => 0, 1000);
  await new Promise(() => 0);
};
