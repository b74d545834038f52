import { execFileSync, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache } from '../../support/cache';
import { childrenOf } from '../../support/processes';

/** A clean Debian 13 with its own Node and xinetd, and a loopback that nobody else has. */
export interface NewMachine {
  /** Its first process: who enters its network shares its loopback. */
  readonly pid: number;
  /** Runs a line of shell there. */
  run(line: string): Pick<SpawnSyncReturns<string>, 'status' | 'stdout' | 'stderr'>;
  stop(): Promise<void>;
}

const trixie = join(cache, 'trixie');

export const hasDebian13 = existsSync(join(trixie, 'usr/bin/node'));

/**
 * The only command that needs a network is run here: behind it there is none.
 * @param package_ the packed package's file
 */
export async function startNewMachine(package_: string): Promise<NewMachine> {
  const there = '/mnt/root';
  const npm = dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
  const within = (command: string): string =>
    `env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 /usr/sbin/chroot ${there} /bin/sh -ec '${command}'`;
  const script = `mount -t tmpfs none /mnt; mkdir -p /mnt/up /mnt/work ${there}
mount -t overlay overlay -o lowerdir=${trixie},upperdir=/mnt/up,workdir=/mnt/work ${there}
mount -t proc proc ${there}/proc; mount --rbind /dev ${there}/dev
mkdir -p ${there}/npm ${there}/root; mount --bind ${npm} ${there}/npm; cp ${package_} ${there}/root/fastagi.tgz; cp /etc/resolv.conf ${there}/etc/resolv.conf
mkdir -p ${there}/etc/ssl/certs; cp -L /etc/ssl/certs/ca-certificates.crt ${there}/etc/ssl/certs/
printf '#!/bin/sh\\nexit 101\\n' > ${there}/usr/sbin/policy-rc.d; chmod 755 ${there}/usr/sbin/policy-rc.d
printf '#!/bin/sh\\nexec node /npm/bin/npm-cli.js "$@"\\n' > ${there}/usr/local/bin/npm; chmod 755 ${there}/usr/local/bin/npm
${within('export DEBIAN_FRONTEND=noninteractive; apt-get update -q; apt-get install -yq --no-install-recommends xinetd; useradd --system --shell /bin/false asterisk; NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm install -g /root/fastagi.tgz')} >&2
exec unshare --net sh -c "ip link set lo up; echo ready; while sleep 0.2; do :; done"`;
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', 'sh', '-ec', script], { stdio: ['ignore', 'pipe', 'pipe'] }); // prettier-ignore
  let printed = '';
  child.stderr.on('data', (bytes: Buffer) => (printed += bytes.toString()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error(`no new machine: ${printed}`)));
  });
  const [pid = 0] = childrenOf(child.pid ?? 0);
  return {
    pid,
    run: (line) => spawnSync('nsenter', ['-t', `${pid}`, '-m', '-p', '-n', 'sh', '-c', within(line.replaceAll("'", `'\\''`))], { encoding: 'utf8', timeout: 60_000 }), // prettier-ignore
    async stop() {
      const ended = once(child, 'exit');
      process.kill(pid, 'SIGKILL');
      await ended;
    },
  };
}
