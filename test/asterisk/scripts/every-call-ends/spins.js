export default async function (agi) {
  await agi.verbose('@@ ready');
  for (;;) {
    try {
      await agi.streamFile('beep');
    } catch {
      console.log('again');
    }
  }
}
