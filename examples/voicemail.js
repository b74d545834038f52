// Records a message, which the caller may hear and record again. It is kept where the caller hangs up, too.
//
//   exten => 105,1,Answer()
//    same => n,AGI(agi://127.0.0.1/voicemail,/var/spool/asterisk/messages)
//    same => n,Hangup()

export default async function (fastagi) {
  const [directory = '/tmp'] = fastagi.args;
  const file = `${directory}/message-${fastagi.request.agi_uniqueid.replaceAll('/', '-')}`;
  for (;;) {
    await fastagi.streamFile('vm-intro');
    const { reason, endpos } = await fastagi.recordFile(file, 'wav', '#', 120_000, { beep: true, silence: 5 });
    await fastagi.setVariable('MESSAGE', file);
    await fastagi.setVariable('SECONDS', Math.round(endpos / 8000));
    if (reason === 'hangup') return;
    const key = await fastagi.menu({ 1: 'vm-review', 2: 'digits/2' }, 3000, { attempts: 1 });
    if (key !== '2') break;
  }
  await fastagi.streamFile('vm-msgsaved');
}
