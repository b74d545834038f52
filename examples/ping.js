// Asks for an IP address, with * for the dots, pings it, and reads the result aloud. Needs a speech engine.
//
//   exten => 103,1,Answer()
//    same => n,AGI(agi://127.0.0.1/ping)
//    same => n,Hangup()

import { execFile } from 'node:child_process';
import { isIPv4 } from 'node:net';

export default async function (fastagi) {
  const answer = await fastagi.ask('*Enter an address, with star for each dot, and end with pound.', {
    digits: { min: 7, max: 15 },
    validate: (keys) => isIPv4(keys.replaceAll('*', '.')) || '*That is no address.',
  });
  if (answer.outcome !== 'entered') return;
  const address = answer.digits.replaceAll('*', '.');
  const time = await fastagi.playWhile(ping(address), 'silence/1');
  await fastagi.setVariable('PINGED', time ?? 'nothing');
  await fastagi.say(time === undefined ? 'There is no answer.' : `It answered in ${time} milliseconds.`);
}

/** How long the answer took, in ms; undefined without one. */
function ping(address) {
  return new Promise((resolve) => {
    execFile('ping', ['-n', '-c', '1', '-W', '2', address], (error, output) => {
      resolve(error ? undefined : /time=([\d.]+)/.exec(output)?.[1]);
    });
  });
}
