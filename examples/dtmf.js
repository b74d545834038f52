// Says back the digits that the caller presses, until there are none.
//
//   exten => 101,1,Answer()
//    same => n,AGI(agi://127.0.0.1/dtmf)
//    same => n,Hangup()

export default async function (fastagi) {
  for (;;) {
    const { digits } = await fastagi.getData('beep', 3000, 20);
    if (digits === '') break;
    await fastagi.verbose(`the caller pressed ${digits}`);
    await fastagi.sayDigits(digits);
  }
  await fastagi.streamFile('vm-goodbye');
}
