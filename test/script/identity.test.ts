import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseIdentity } from '../../src/script/identity';
import type { LocatedScript } from '../../src/script/locate';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { project } from '../support/super-server';

const script = (facts: Partial<LocatedScript>): LocatedScript => ({
  path: '/base/x.js', name: 'x.js', isProgram: false, uid: 1, gid: 2, openTo: undefined, rootOnly: false, ...facts,
}); // prettier-ignore

describeWith({ root: isRoot }, 'whom root runs a script as', () => {
  it('its owner and group', () => {
    expect(chooseIdentity(script({}), true)).toEqual({ uid: 1, gid: 2, reason: undefined });
  });

  it.each([
    ['everybody may write it', { openTo: '/base/x.js' }, /everybody may write \/base\/x\.js.*nobody.*chmod o-w/],
    ['everybody may write a directory, though root owns it', { uid: 0, openTo: '/base' }, /everybody may write \/base:/],
    ['root owns it and others may write it', { uid: 0 }, /others than root.*nobody.*chown/],
  ])('nobody where %s, and why', (_what, facts, reason) => {
    const identity = chooseIdentity(script(facts), true);
    expect(identity?.uid).toBe(65_534);
    expect(identity?.reason).toMatch(reason);
  });

  it('root where only root may write it', () => {
    expect(chooseIdentity(script({ uid: 0, gid: 0, rootOnly: true }), true)).toBeUndefined();
  });

  it('root with setuid=false', () => {
    expect(chooseIdentity(script({ openTo: '/base' }), false)).toBeUndefined();
  });
});

let dir: string;
let bundled: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-identity-'));
  chmodSync(dir, 0o755);
  bundled = join(dir, 'identity.cjs');
  const bundle = await rolldown({ input: join(project, 'src/script/identity.ts'), platform: 'node' });
  await bundle.write({ file: bundled, format: 'cjs' });
  await bundle.close();
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
function withEtc(files: Record<string, string>): string[] {
  const mounts = Object.entries(files).map(([name, text], index) => {
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
