import { spawn } from 'node:child_process';
import { ownCommand } from '../../ground/own-command';
import { losesInput } from '../../ground/runtime';
import { standIn } from '../process/second-process';
import { listensOn } from './sockets';

/** Holds the first process's number. */
const variable = 'LISTEN_FIRST_PID';

/** Whether workers could have the listening socket only as descriptor 0, which would make it wait, for all that share it. */
export const mustLeaveInput = (): boolean => losesInput() && listensOn(0);

/** In ms: how often it is looked whether the first process is there. */
const pause = 250;

/** Starts this program once more, with that socket as systemd hands one over. Gives its exit status. */
export function startOffInput(): Promise<number> {
  const child = spawn('sh', ['-c', 'exec "$@" 3<&0 </dev/null', 'sh', ...ownCommand(), ...process.argv.slice(2)], {
    stdio: ['inherit', 1, 2],
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      ...process.env,
      LISTEN_FDS: '1',
      LISTEN_PID: `${process.pid}`,
      [variable]: `${process.pid}`,
    },
  });
  return standIn(child);
}

/** Ends this process as by SIGTERM if it is such a second one, and the first has gone: xinetd ends that without a word. */
export function endWithFirst(): void {
  const first = Number(process.env[variable]);
  delete process.env[variable];
  if (!first) return;
  const timer = setInterval(() => {
    if (process.ppid === first) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, pause);
  timer.unref();
}
