import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { chooseIdentity, isRefusal, refusesToChangeUsers } from '../../../src/serve/process/identity';
import { IdentityError } from '../../../src/ground/errors';
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
    else expect(identity?.reason).toMatch(/use Node 22\.15, 24 or later/);
    chmodSync(base, 0o775);
    expect(chooseIdentity(script(0, 0), { ...rules, root: true })).toMatchObject({ uid: 65_534 });
  });

  it('root with setuid=false', () => {
    expect(chooseIdentity(script(61_000, 0), { ...rules, setuid: false })).toBeUndefined();
  });

  it('nobody but the user who could have written the settings', () => {
    expect(chooseIdentity(script(61_000, 61_000), rules, 61_000)).toMatchObject({ uid: 61_000, reason: undefined });
    const other = chooseIdentity(script(61_000, 61_000), rules, 61_001);
    expect(other).toMatchObject({ uid: 65_534, gid: 65_534 });
    expect(other?.reason).toMatch(/user 61001 could have written the configuration, and decides for nobody else; chown root its file/);
    expect(chooseIdentity(script(61_000, 61_000), { ...rules, setuid: false }, 1)).toMatchObject({ uid: 1, gid: 1, reason: undefined });
    expect(chooseIdentity(script(1, 1), { ...rules, setuid: false }, 61_000)).toMatchObject({ uid: 61_000, gid: 65_534 });
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

/** Runs code in a process of its own, in which `identity` is the module; gives what it comes to. @param wrap what starts that process */
function inProcess(code: string, wrap: readonly string[] = []): unknown {
  const program = `const identity = require(${JSON.stringify(bundled)}); process.stdout.write(JSON.stringify((() => { ${code} })()));`;
  const [command, ...args] = [...wrap, process.execPath, '-e', program];
  const { stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: '/root', USER: 'root', LOGNAME: 'root' },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

interface Now {
  error?: { code: string; message: string };
  uid: number;
  gid: number;
  groups: number[];
  HOME?: string;
}

/** Takes an identity in a process of its own, or confirms the one that it has, and tells what it is then. */
function assume(uid: number, gid: number, wrap: readonly string[] = [], how: 'assumeIdentity' | 'confirmIdentity' = 'assumeIdentity'): Now {
  return inProcess(
    `let error;
    try { identity.${how}({ uid: ${uid}, gid: ${gid}, reason: undefined }); } catch ({ code, message }) { error = { code, message }; }
    const { HOME, USER, LOGNAME } = process.env;
    return { error, uid: process.getuid(), gid: process.getegid(), groups: process.getgroups(), HOME, USER, LOGNAME };`,
    wrap,
  ) as Now;
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

describeWith({ root: isRoot, unshare: hasProgram('unshare'), setpriv: hasProgram('setpriv') }, 'the group of an account', () => {
  const files = { passwd, group, 'nsswitch.conf': 'passwd: files\ngroup: files\n' };

  it.each([
    ["the file's, if the owner is a member of it", 29, 29],
    ['its own, if another is', 4, 1501],
    ["its own, if it is root's, whoever is in that", 0, 1501],
    ['its own', 1501, 1501],
  ])('is %s', (_what, fileGid, gid) => {
    const path = join(dir, `script-${fileGid}.js`);
    writeFileSync(path, '', { mode: 0o644 });
    chownSync(path, 1500, fileGid);
    const etc = withEtc({ ...files, group: group.replace('root:x:0:ivro', 'root:x:0:ivr') });
    const script = { path, name: 'x.js', isProgram: false, uid: 1500, gid: fileGid };
    const code = `return identity.chooseIdentity(${JSON.stringify(script)}, ${JSON.stringify(rules)})`;
    expect(inProcess(code, etc)).toMatchObject({ uid: 1500, gid });
  });

  it('is none but its own for an owner without account, whoever has to be asked', () => {
    const etc = withEtc({ ...files, 'nsswitch.conf': 'passwd: files nosuchsource\ngroup: files nosuchsource\n' });
    expect(assume(54_321, 54_322, ['setpriv', '--groups', '4,24', ...etc])).toMatchObject({ uid: 54_321, groups: [54_322], HOME: '/' });
  });
});

describeWith({ root: isRoot, setpriv: hasProgram('setpriv') }, 'a process that is somebody already', () => {
  const as = (...options: string[]) => ['setpriv', '--reuid=1', '--regid=1', '--bounding-set=-all', '--inh-caps=-all', ...options];

  it('is confirmed, and gets the environment', () => {
    const now = assume(1, 1, as('--groups=1'), 'confirmIdentity');
    expect(now.error).toBeUndefined();
    expect(now).toMatchObject({ uid: 1, USER: 'daemon', LOGNAME: 'daemon' });
    expect(now.HOME).not.toBe('/root');
  });

  it.each([
    ['another group', as('--groups=1,4')],
    ['another user', ['setpriv', '--reuid=2', '--regid=1', '--clear-groups']],
  ])('is not with %s', (_what, wrap) => {
    expect(assume(1, 1, wrap, 'confirmIdentity').error).toMatchObject({ code: 'FASTAGI_IDENTITY' });
  });
});

describeWith({ root: isRoot, setpriv: hasProgram('setpriv') }, 'acting as a user', () => {
  const now = '() => [process.geteuid(), process.getegid(), process.getgroups()]';
  const wrap = ['setpriv', '--groups', '0,4,24'];

  it('has that user and those groups, and is root again behind it, whatever comes of it', () => {
    const code = `const was = (${now})(); const then = identity.actAs({ uid: 1, gid: 1, reason: undefined }, ${now});
      let thrown; try { identity.actAs({ uid: 2, gid: 2, reason: undefined }, () => { throw new Error('x'); }); } catch ({ message }) { thrown = message; }
      return { was, then, thrown, again: (${now})() };`;
    const { was, then, thrown, again } = inProcess(code, wrap) as Record<string, unknown>;
    expect(then).toEqual([1, 1, [1]]);
    expect(thrown).toBe('x');
    expect(was).toEqual([0, 0, expect.arrayContaining([0, 4, 24])]);
    expect(again).toEqual(was);
  });

  it('is an error if that cannot be', () => {
    const code = `try { identity.actAs({ uid: 1, gid: 1, reason: undefined }, () => 0); } catch ({ code, message }) { return { code, message }; }`;
    const error = inProcess(code, ['setpriv', '--bounding-set=-setuid', '--inh-caps=-setuid']);
    expect(error).toMatchObject({ code: 'FASTAGI_IDENTITY', message: expect.stringContaining('EPERM') as string });
  });
});

it('a Node that refuses to change users is known by its error', () => {
  const refusal = Object.assign(new Error('x'), { code: 'ERR_INVALID_STATE' });
  expect(isRefusal(refusal)).toBe(true);
  expect(isRefusal(new IdentityError('FASTAGI_IDENTITY', 'x', { cause: refusal }))).toBe(true);
  expect(isRefusal(new IdentityError('FASTAGI_IDENTITY', 'x', { cause: new Error('y') }))).toBe(false);
  expect(isRefusal(undefined)).toBe(false);
  expect(refusesToChangeUsers()).toBe(false);
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
