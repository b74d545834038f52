export default async function (agi) {
  agi.streamFile('no-such-sound');
}
