export default async (agi) => {
  for (;;) await agi.waitForDigit(1000);
};
