export default async (agi) => {
  await agi.release();
  setInterval(() => 0, 100);
  await new Promise(() => 0);
};
