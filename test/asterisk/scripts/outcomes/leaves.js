export default async function (agi) {
  setTimeout(() => process.exit(0), 1000);
  await agi.streamFile('demo-congrats');
}
