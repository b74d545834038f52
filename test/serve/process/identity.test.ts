import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { chooseIdentity } from '../../../src/serve/process/identity';
import type { LocatedScript } from '../../../src/script/locate';
import { canGuardModules } from '../../../src/script/module-guard';
import { describeWith, hasProgram, isRoot } from '../../support/parts';
import { project } from '../../support/super-server';
import { bundleTo } from '../../support/bundle';

const rules = { setuid: true, root: false, leastUid: 100, allowUsers: [] };

describeWith({ root: isRoot }, 'whom root runs a script as', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'fastagi-owner-'));
    chmodSync(base, 0o755);
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  /** A script of this user and group. */
  const script = (uid: number, gid: number): LocatedScript => {
    const path = join(base, 'x.js');
    writeFileSync(path, '', { mode: 0o644 });
    chownSync(path, uid, gid);
    return { path, name: 'x.js', isProgram: false, uid, gid };
  };

  it("its owner, with the owner's own group", () => {
    expect(chooseIdentity(script(65_534, 65_534), rules)).toMatchObject({ uid: 65_534, gid: 65_534, reason: undefined });
    for (const gid of [0, 8]) expect(chooseIdentity(script(65_534, gid), rules)).toMatchObject({ uid: 65_534, gid: 65_534 });
  });

  it("an owner without account, with nobody's group whatever the file's", () => {
    expect(chooseIdentity(script(61_000, 8), rules)).toMatchObject({ uid: 61_000, gid: 65_534, reason: undefined });
  });

  it.each([
    [
      'everybody may write it',
      61_000,
      (path: string) => chmodSync(path, 0o666),
      {},
      /^x\.js runs as nobody, not as user 61000: everybody may write .*; chmod o-w /,
    ],
    ['everybody may write its directory', 61_000, () => chmodSync(base, 0o777), {}, /everybody may write /],
    ['its directory is of another', 61_000, () => chownSync(base, 61_001, 61_001), {}, /belongs to user 61001; chown 61000 /],
    ["it is root's", 0, () => undefined, {}, /not as root: root's scripts run as root only with \[fastagi\] root = true/],
    ["it is a system user's", 1, () => undefined, {}, /not as daemon: its user id is below 100/],
    ['its user id is below the least', 61_000, () => undefined, { leastUid: 61_001 }, /below 61001/],
  ])('nobody where %s, and why', (_what, uid, change, more, reason) => {
    const facts = script(uid, uid);
    change(facts.path);
    const identity = chooseIdentity(facts, { ...rules, ...more });
    expect(identity).toMatchObject({ uid: 65_534, gid: 65_534 });
    expect(identity?.reason).toMatch(reason);
  });

  it('a system user that is allowed, or where the least user id allows it', () => {
    expect(chooseIdentity(script(1, 1), { ...rules, allowUsers: ['daemon'] })).toMatchObject({ uid: 1, gid: 1, reason: undefined });
    expect(chooseIdentity(script(1, 1), { ...rules, leastUid: 1 })).toMatchObject({ uid: 1, reason: undefined });
  });

  it('root where nobody else may write it and root = true, if this Node can say what it loads', () => {
    const identity = chooseIdentity(script(0, 0), { ...rules, root: true });
    if (canGuardModules()) expect(identity).toMatchObject({ uid: 0, reason: undefined });
    else expect(identity?.reason).toMatch(/use 22\.15, 24 or later/);
    chmodSync(base, 0o775);
    expect(chooseIdentity(script(0, 0), { ...rules, root: true })).toMatchObject({ uid: 65_534 });
  });

  it('root with setuid=false', () => {
    expect(chooseIdentity(script(61_000, 0), { ...rules, setuid: false })).toBeUndefined();
  });
});

let dir: string;
let bundled: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-identity-'));
  chmodSync(dir, 0o755);
  bundled = join(dir, 'identity.cjs');
  await bundleTo(bundled, join(project, 'src/serve/process/identity.ts'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Takes an identity in a process of its own, and tells what it became. @param wrap what starts that process */
function assume(uid: number, gid: number, wrap: readonly string[] = []) {
  const program = `
    const { assumeIdentity } = require(${JSON.stringify(bundled)});
    let error;
    try { assumeIdentity({ uid: ${uid}, gid: ${gid}, reason: undefined }); } catch ({ code, message }) { error = { code, message }; }
    const { HOME, USER, LOGNAME } = process.env;
    process.stdout.write(JSON.stringify({ error, uid: process.getuid(), gid: process.getegid(), groups: process.getgroups(), HOME, USER, LOGNAME }));`;
  const [command, ...args] = [...wrap, process.execPath, '-e', program];
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/root', USER: 'root', LOGNAME: 'root' },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { error?: { code: string; message: string }; uid: number; gid: number; groups: number[]; HOME?: string };
}

describeWith({ root: isRoot }, 'taking an identity', () => {
  it('becomes an account, with its groups and its environment', () => {
    const now = assume(1, 8);
    expect(now).toMatchObject({ uid: 1, gid: 8, USER: 'daemon', LOGNAME: 'daemon' });
    expect(now.error).toBeUndefined();
    expect(now.groups).toContain(8);
    expect(now.groups).not.toContain(0);
    expect(now.HOME).not.toBe('/root');
  });

  it('becomes an owner that no account belongs to, with that group only', () => {
    const now = assume(54_321, 54_322);
    expect(now).toMatchObject({ uid: 54_321, gid: 54_322, groups: [54_322], HOME: '/' });
    expect(now).not.toHaveProperty('USER');
  });
});

/** Starts a program that sees these files in /etc; the mounts are gone with it. */
function withEtc(files: Record<string, string | undefined>): string[] {
  const mounts = Object.entries(files).map(([name, text], index) => {
    // Only in a directory of its own a file can be missing.
    if (text === undefined)
      return `[ -e ${dir}/etc ] || cp -a /etc ${dir}/etc; mountpoint -q /etc || mount --bind ${dir}/etc /etc; rm -f /etc/${name}`;
    const file = join(dir, `etc-${index}-${name}`);
    writeFileSync(file, text);
    chmodSync(file, 0o644);
    return `mount --bind ${file} /etc/${name}`;
  });
  return ['unshare', '--mount', 'sh', '-ec', `${mounts.join('; ')}; exec "$@"`, 'sh'];
}

const passwd = 'root:x:0:0:root:/root:/bin/sh\nivr:x:1500:1501:IVR,,,:/srv/ivr:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n';
const group = 'root:x:0:ivro\nivr:x:1501:\naudio:x:29:asterisk,ivr\ndialout:x:20:ivr\nadm:x:4:ivrx,xivr\n';

describeWith({ root: isRoot, unshare: hasProgram('unshare') }, 'the groups of an account', () => {
  it.each([
    ['the files alone', 'passwd: files\ngroup:\tfiles # no more\n'],
    ['the files and systemd', 'passwd: files systemd\ngroup: files systemd\n'],
    ['a source that only the C library can ask', 'passwd: files\ngroup: files\ninitgroups: files nosuchsource\n'],
    ['no word on it', ''],
  ])('are those that /etc/group lists, with %s', (_what, nsswitch) => {
    const now = assume(1500, 1501, withEtc({ passwd, group, 'nsswitch.conf': nsswitch }));
    expect(now).toMatchObject({ uid: 1500, gid: 1501, USER: 'ivr', LOGNAME: 'ivr', HOME: '/srv/ivr' });
    expect(now.groups.toSorted((one, other) => one - other)).toEqual([20, 29, 1501]);
  });

  it.each([
    ['groups that root was in', ['setpriv', '--groups', '0,4,24'], {}],
    ['no /etc/nsswitch.conf', [], { 'nsswitch.conf': undefined }],
    ['no /etc/group', [], { group: undefined, 'nsswitch.conf': undefined }],
  ])('are the same with %s', (_what, wrap, missing) => {
    const files = { passwd, group, 'nsswitch.conf': 'passwd: files\ngroup: files\n', ...missing };
    const now = assume(1500, 1501, [...wrap, ...withEtc(files)]);
    expect(now.error).toBeUndefined();
    expect(now.groups.toSorted((one, other) => one - other)).toEqual('group' in missing ? [1501] : [20, 29, 1501]);
  });

  it('are asked of the C library for an account that the files do not hold', () => {
    const now = assume(1600, 1601, withEtc({ passwd, group, 'nsswitch.conf': 'passwd: files systemd\ngroup: files systemd\n' }));
    expect(now).toMatchObject({ uid: 1600, gid: 1601, groups: [1601], HOME: '/' });
  });
});

describeWith({ root: isRoot, setpriv: hasProgram('setpriv') }, 'an identity that is not for certain', () => {
  it.each([
    ['the right to change groups is missing', ['setpriv', '--bounding-set=-setgid', '--inh-caps=-setgid'], 'EPERM'],
    ['the right to change users is missing', ['setpriv', '--bounding-set=-setuid', '--inh-caps=-setuid'], 'EPERM'],
    ['the capabilities stay', ['setpriv', '--securebits=+no_setuid_fixup'], 'root could be regained'],
  ])('is an error where %s', (_what, wrap, why) => {
    const { error } = assume(1, 1, wrap);
    expect(error?.code).toBe('FASTAGI_IDENTITY');
    expect(error?.message).toContain(why);
    expect(error?.message).toContain('the script was not run');
  });
});
