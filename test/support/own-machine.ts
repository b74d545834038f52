import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { hasProgram, isRoot } from './parts';
import { childrenOf } from './processes';
import { program, project } from './super-server';

/** What it needs. */
export const machineParts = { root: isRoot, unshare: hasProgram('unshare'), nsenter: hasProgram('nsenter'), ip: hasProgram('ip') };

/** A machine of its own: this one's files, of which no change stays; processes and a loopback that nobody else has. */
export interface OwnMachine {
  /** Runs a line of shell there. */
  run(line: string): Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>;
  /** Ends everything there. */
  stop(): Promise<void>;
}

/** @param prepare lines of shell that run first @param directories those below which something may be changed */
export async function ownMachine(prepare = '', directories = ['/etc', '/var', '/usr', join(project, 'dist')]): Promise<OwnMachine> {
  const mounts = directories.map((directory, index) => {
    const place = `/mnt/${index}`;
    return `mkdir -p ${place}/up ${place}/work; mount -t overlay overlay -o lowerdir=${directory},upperdir=${place}/up,workdir=${place}/work ${directory}`;
  });
  const lines = [
    'mount -t tmpfs none /mnt',
    ...mounts,
    'ip link set lo up',
    `ln -sf ${program} /usr/local/bin/fastagi`,
    prepare,
    'echo ready',
    'while sleep 0.2; do :; done',
  ];
  const namespaces = ['--mount', '--pid', '--net', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...namespaces, 'sh', '-ec', lines.filter((line) => line !== '').join('\n')], { stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore
  let printed = '';
  child.stderr.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      printed += bytes.toString();
      if (printed.includes('ready')) resolve();
    });
    child.once('exit', () => reject(new Error(`no machine of its own: ${printed}`)));
  });
  const [first = 0] = childrenOf(child.pid ?? 0);
  return {
    run: (line) =>
      spawnSync('nsenter', ['-t', `${first}`, '-m', '-p', '-n', 'sh', '-c', line], {
        encoding: 'utf8',
        timeout: 60_000,
        env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
      }),
    async stop() {
      const ended = once(child, 'exit');
      process.kill(first, 'SIGKILL');
      await ended;
    },
  };
}
