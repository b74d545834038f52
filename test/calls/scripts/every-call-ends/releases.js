import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export default async (agi) => {
  await agi.noop();
  spawn('sleep', ['1'], { detached: true, stdio: 'inherit' });
  await agi.release();
  await agi.release();
  await sleep(300);
  const code = await agi.verbose('x').catch((error) => error.code);
  agi.log.info('uploaded ' + code + agi.hungUp + agi.signal.aborted);
};
