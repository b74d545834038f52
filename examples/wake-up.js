// Asks for a time, four digits, and calls the caller then.
//
//   exten => 107,1,Answer()
//    same => n,AGI(agi://127.0.0.1/wake-up)
//    same => n,Hangup()
//   [wake-up]
//   exten => s,1,Answer()
//    same => n,Playback(hello-world)

import { callFile } from 'fastagi';

export default async function (fastagi) {
  const [spool] = fastagi.args;
  const answer = await fastagi.ask(['time', 'beep'], {
    digits: 4,
    invalid: 'invalid',
    validate: (digits) => Number(digits.slice(0, 2)) < 24 && Number(digits.slice(2)) < 60,
  });
  if (answer.outcome !== 'entered') return;
  const at = next(Number(answer.digits.slice(0, 2)), Number(answer.digits.slice(2)));
  const device = fastagi.request.agi_channel.replace(/-[0-9a-f]+(;\d)?$/, '');
  callFile({ channel: device, context: 'wake-up', waitTime: 60, maxRetries: 2, retryTime: 300, at, ...(spool && { spool }) });
  await fastagi.setVariable('WAKE_UP', at.toISOString());
  await fastagi.sayDateTime(at, '', "'digits/at' IMp");
}

/** The next time that the clock says so. */
function next(hours, minutes) {
  const at = new Date();
  at.setHours(hours, minutes, 0, 0);
  if (at <= new Date()) at.setDate(at.getDate() + 1);
  return at;
}
