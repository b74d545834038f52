// Calls the caller back as soon as the line is free again.
//
//   exten => 106,1,AGI(agi://127.0.0.1/callback,PJSIP/provider)
//    same => n,Hangup()
//   [called-back]
//   exten => s,1,Answer()
//    same => n,Playback(hello-world)

import { callFile } from 'fastagi';

export default async function (fastagi) {
  const [trunk, spool] = fastagi.args;
  const number = await fastagi.getVariable('CALLERID(num)');
  if (!/^\+?\d{3,15}$/.test(number ?? '')) throw new Error(`there is no number to call back: ${number}`);
  const file = callFile({
    channel: trunk.startsWith('Local/') ? trunk : `PJSIP/${number}@${trunk.slice('PJSIP/'.length)}`,
    context: 'called-back',
    waitTime: 30,
    maxRetries: 2,
    at: new Date(Date.now() + 5000),
    variables: { CALLED_BACK: number },
    ...(spool && { spool }),
  });
  await fastagi.verbose(`will call ${number} back: ${file}`);
}
