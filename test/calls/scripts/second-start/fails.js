export default async (agi) => {
  await agi.waitForDigit(1000);
  throw new Error('no database');
};
