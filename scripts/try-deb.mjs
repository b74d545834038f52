// Installs, upgrades, removes and purges the Debian package in a clean Debian 13, with a call in between; nothing may be left behind.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, prepare } from './prepare.mjs';
import { root } from './run.mjs';

prepare('deb');
const trixie = join(cache, 'trixie');
const dir = mkdtempSync(join(tmpdir(), 'fastagi-deb-'));
chmodSync(dir, 0o755);
try {
  if (process.getuid() !== 0 || !existsSync(trixie))
    throw new Error('the Debian package is tried by root alone, with Debian 13 in the cache: npm test builds it');
  for (const revision of ['1', '2'])
    execFileSync('node', ['scripts/package-deb.mjs', dir, revision], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const debs = readdirSync(dir).filter((name) => name.endsWith('.deb')).toSorted(); // prettier-ignore
  const lintian = spawnSync('lintian', ['--fail-on', 'error', '--allow-root', join(dir, debs[0])], { encoding: 'utf8' });
  console.log(lintian.stdout);
  if (lintian.status !== 0) throw new Error(`lintian found errors (status ${lintian.status}): ${lintian.stderr}`);
  writeFileSync(join(dir, 'inside.sh'), inside(debs));
  const { status } = spawnSync('sh', ['-ec', outside()], { stdio: ['ignore', 'inherit', 'inherit'], timeout: 300_000 });
  if (status !== 0) throw new Error(`the Debian package failed in Debian 13 (status ${status})`);
  console.log('The Debian package installs, serves a call, is upgraded, removed and purged.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** Debian 13 in a copy that vanishes. What apt needs is fetched first: behind that there is no network but a loopback of its own. */
function outside() {
  const there = '/mnt/root';
  const within = (command) => `chroot ${there} /bin/sh -ec '${command}'`;
  return `exec unshare --mount --pid --fork --kill-child --propagation private sh -ec '
mount -t tmpfs none /mnt; mkdir -p /mnt/up /mnt/work ${there}
mount -t overlay overlay -o lowerdir=${trixie},upperdir=/mnt/up,workdir=/mnt/work ${there}
mount -t proc proc ${there}/proc; mount --rbind /dev ${there}/dev
mkdir -p ${there}/debs; mount --bind ${dir} ${there}/debs; cp /etc/resolv.conf ${there}/etc/resolv.conf
${within('cd /tmp; export DEBIAN_FRONTEND=noninteractive; apt-get update -q >/dev/null; apt-get install -yq --download-only xinetd >/dev/null').replaceAll("'", `'\\''`)}
exec unshare --net sh -ec "ip link set lo up; exec env -i /usr/sbin/chroot ${there} /bin/sh -e /debs/inside.sh"'`;
}

function inside([first, second]) {
  return `export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d
say() { echo "== $*"; }
files() { find / -xdev \\( -path /proc -o -path /dev -o -path /debs -o -path /tmp -o -path /run -o -path '/var/lib/dpkg' -o -path '/var/lib/apt' -o -path '/var/cache' -o -path '/var/log' -o -path /root \\) -prune -o -print | sort; }
useradd --system --shell /bin/false asterisk
apt-get install -yq --no-download xinetd > /tmp/xinetd.log 2>&1 || { cat /tmp/xinetd.log; exit 1; }
files > /tmp/before

say installed
apt-get install -yq /debs/${first} > /tmp/log 2>&1 || { cat /tmp/log; exit 1; }
fastagi --version
ls /usr/lib/fastagi/dist/start-*.cache
man=/usr/share/man/man1/fastagi.1.gz; test -f $man || grep -q path-exclude /etc/dpkg/dpkg.cfg.d/* 2>/dev/null || { echo no man page; exit 1; }
grep -q 'disable *= yes' /etc/xinetd.d/fastagi
test -z "$(find /etc/systemd/system -name 'fastagi*')"

say 'fastagi install, and a call'
fastagi install --yes > /tmp/log || { cat /tmp/log; exit 1; }
tail -5 /tmp/log
fastagi doctor || true
fastagi doctor --only service listening call > /tmp/log || { cat /tmp/log; exit 1; }

say upgraded
echo '; mine' >> /etc/asterisk/phpagi.conf
apt-get install -yq /debs/${second} > /tmp/log 2>&1 || { cat /tmp/log; exit 1; }
grep -q '^; mine' /etc/asterisk/phpagi.conf
ls /usr/lib/fastagi/dist/start-*.cache
fastagi doctor --only prepared service listening call > /tmp/log || { cat /tmp/log; exit 1; }

say removed
apt-get remove -yq fastagi > /tmp/log 2>&1 || { cat /tmp/log; exit 1; }
test ! -e /usr/lib/fastagi; test ! -e /usr/bin/fastagi; test ! -e /var/lib/fastagi
grep -q 'disable *= yes' /etc/xinetd.d/fastagi
! grep -q fastagi /etc/services

say purged
apt-get purge -yq fastagi > /tmp/log 2>&1 || { cat /tmp/log; exit 1; }
kill $(pidof xinetd) || true
files > /tmp/after
diff /tmp/before /tmp/after || { echo 'something was left behind'; exit 1; }
`;
}
