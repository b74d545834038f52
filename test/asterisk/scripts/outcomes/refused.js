export default async function (agi) {
  await agi.streamFile('no-such-file');
}
