import { spawn } from 'node:child_process';
import type { Log } from '../../ground/log';

/** Tells systemd how the service is, if it wants to know. */
export interface SystemdNotifier {
  ready(): void;
  reloading(): void;
  stopping(): void;
  stop(): void;
}

/**
 * Node cannot send to a socket of datagrams: systemd's own program does. The unit has to say `NotifyAccess=all`.
 * @param environment that of the start; it is not for children
 * @param isWell asked before each sign of life, if the unit has WatchdogSec=
 * @see sd_notify(3), systemd-notify(1)
 */
export function systemdNotifier(environment: NodeJS.ProcessEnv, isWell: () => boolean, log: Log): SystemdNotifier {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds } = environment;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete environment[name];
  let timer: NodeJS.Timeout | undefined;
  const tell = (...words: readonly string[]): void => {
    if (socket === undefined) return;
    const child = spawn('systemd-notify', [`--pid=${process.pid}`, ...words], {
      stdio: 'ignore',
      env: { ...environment, NOTIFY_SOCKET: socket },
    });
    child.on('error', (error) => log.warn(`systemd was not told ${words.join(' ')}: ${error.message}`));
  };
  return {
    ready() {
      tell('READY=1', 'STATUS=ready');
      const interval = Number(microseconds) / 2000;
      if (interval > 0) timer ??= setInterval(() => (isWell() ? tell('WATCHDOG=1') : undefined), interval).unref();
    },
    reloading: () => tell('RELOADING=1'),
    stopping: () => tell('STOPPING=1', 'STATUS=calls are finished'),
    stop: () => clearInterval(timer),
  };
}
