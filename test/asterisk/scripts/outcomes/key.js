export default async function (agi) {
  setTimeout(() => {
    throw new Error('over the key');
  }, 1000);
  await agi.waitForDigit(-1);
}
