import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** A program in namespaces of its own: with it end all its mounts and every process it started. */
export interface PrivateProcess {
  running(): boolean;
  /** Ends it, politely at first, and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a program in its own mount and process namespace. It dies with this process too, however this
 * one ends: `setpriv` passes our end on to `unshare`, and `unshare` to the namespace.
 * What it prints goes to `outputFile`.
 * @param network the process whose network it shares, if not this one's
 */
export function startPrivately(command: readonly string[], outputFile: string, network?: number): PrivateProcess {
  const output = openSync(outputFile, 'a');
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const shared = network === undefined ? [] : ['nsenter', '-t', `${network}`, '-n'];
  const child: ChildProcess = spawn('setpriv', ['--pdeathsig', 'KILL', ...shared, 'unshare', ...namespaces, ...command], {
    stdio: ['ignore', output, output],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  closeSync(output);
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    running,
    async stop() {
      // Killing unshare kills process 1 of the namespace, and the kernel all others in it.
      if (running()) child.kill('SIGKILL');
      if (child.pid !== undefined) await ended;
    },
  };
}
