import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { distrust, distrustedExchange, distrustedPath } from '../../src/ground/trust';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { bundleTo } from '../support/bundle';

const [alice, mallory] = [61_001, 61_002];
const account = { name: 'alice', uid: alice, gid: alice, home: '/' };

describeWith({ root: isRoot }, 'the chain rule', () => {
  let dir: string;
  let path: string;
  /** root's directory in /tmp, which is sticky, and in it a directory and a script of alice's. */
  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'fastagi-trust-')));
    chmodSync(dir, 0o755);
    mkdirSync(join(dir, 'a'), { mode: 0o755 });
    path = join(dir, 'a/x.js');
    writeFileSync(path, '', { mode: 0o644 });
    for (const each of [join(dir, 'a'), path]) chownSync(each, alice, alice);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const own = (name: string, uid: number, gid = uid) => chownSync(join(dir, name), uid, gid);
  const mode = (name: string, bits: number) => chmodSync(join(dir, name), bits);

  it("trusts a file and directories that are the user's or root's", () => {
    expect(distrust(path, alice, account)).toBeUndefined();
    own('a', 0);
    expect(distrust(path, alice, account)).toBeUndefined();
    own('a/x.js', 0);
    expect(distrust(path, 0)).toBeUndefined();
  });

  it.each([
    ['a directory of another', () => own('a', mallory), /a belongs to user 61002$/, /^chown alice /],
    ['the directory above, of another', () => own('.', mallory), /belongs to user 61002$/, /^chown alice /],
    ['the file is of another', () => own('a/x.js', mallory), /x\.js belongs to user 61002$/, /^chown alice /],
    ['everybody may write the file', () => mode('a/x.js', 0o646), /^everybody may write .*x\.js$/, /^chmod o-w .*x\.js$/],
    ['everybody may write a directory', () => mode('a', 0o757), /^everybody may write .*\/a$/, /^chmod o-w .*\/a$/],
    ['everybody may write the directory above', () => mode('.', 0o777), /^everybody may write /, /^chmod o-w /],
    ['a group may write the file', () => mode('a/x.js', 0o664), /^a group may write .*x\.js$/, /^chmod g-w .*x\.js$/],
    ['a group may write a directory', () => mode('a', 0o2775), /^a group may write .*\/a$/, /^chmod g-w .*\/a$/],
    ['group 0 may write a directory', () => (own('a', 0, 0), mode('a', 0o775)), /^a group may write .*\/a$/, /^chmod g-w /],
  ])('does not trust where %s, and says what mends it', (_what, change, why, remedy) => {
    change();
    expect(distrust(path, alice, account)).toMatchObject({
      why: expect.stringMatching(why) as string,
      remedy: expect.stringMatching(remedy) as string,
    });
  });

  it('looks at both ways to a program that a link leads to', () => {
    symlinkSync(path, join(dir, 'link'));
    expect(distrustedPath(join(dir, 'link'), alice, account)).toBeUndefined();
    expect(distrustedPath(join(dir, 'link'), mallory)).toMatchObject({ why: expect.stringMatching(/a belongs to user 61001$/) as string });
    mkdirSync(join(dir, 'b'));
    symlinkSync(path, join(dir, 'b/link'));
    own('b', mallory);
    expect(distrustedPath(join(dir, 'b/link'), alice, account)).toMatchObject({ path: join(dir, 'b') });
    expect(distrustedPath(join(dir, 'a'), alice, account)).toBeUndefined();
  });

  it('lets two users share a directory by a group, but not with everybody', () => {
    own('a', mallory);
    mode('a', 0o2770);
    expect(distrustedExchange(join(dir, 'a'), [alice, mallory])).toBeUndefined();
    expect(distrustedExchange(join(dir, 'a'), [alice])).toMatchObject({ why: expect.stringMatching(/a belongs to user 61002$/) as string });
    mode('a', 0o777);
    expect(distrustedExchange(join(dir, 'a'), [alice, mallory])).toMatchObject({ remedy: expect.stringMatching(/^chmod o-w /) as string });
  });

  it.each([
    ['the file', 'a/x.js', 0o664],
    ['a directory', 'a', 0o775],
  ])("of root's nothing that group 0 may write: %s", (_what, name, bits) => {
    for (const each of ['a', 'a/x.js']) own(each, 0);
    mode(name, bits);
    expect(distrust(path, 0)?.remedy).toMatch(/^chmod g-w /);
  });

  it('counts a sticky directory as one that nobody may write, and looks at what lies in it', () => {
    mode('a', 0o1777);
    expect(distrust(path, alice, account)).toBeUndefined();
    own('a/x.js', mallory);
    expect(distrust(path, alice, account)?.why).toContain('61002');
  });

  it('trusts no link, directory or pipe in place of the file', () => {
    symlinkSync(path, join(dir, 'a/link.js'));
    execFileSync('mkfifo', [join(dir, 'a/pipe.js')]);
    for (const name of ['a', 'a/link.js', 'a/pipe.js'])
      expect(distrust(join(dir, name), alice, account)?.why).toMatch(/no regular file|belongs/);
  });

  it("does not trust another's file that was linked into the user's directory", () => {
    mkdirSync(join(dir, 'm'));
    own('m', mallory);
    linkSync(path, join(dir, 'm/x.js'));
    expect(distrust(join(dir, 'm/x.js'), alice, account)?.path).toBe(join(dir, 'm'));
  });

  it.runIf(hasProgram('unshare'))('makes an exception of a group that only the user is in', async () => {
    const bundled = join(dir, 'trust.cjs');
    await bundleTo(bundled, join(import.meta.dirname, '../../src/ground/trust.ts'));
    own('a/x.js', alice, 61_001);
    mode('a/x.js', 0o664);
    const verdict = (passwd: string, group: string, nsswitch = 'passwd: files\ngroup: files\n') => {
      const files = { passwd: `root:x:0:0::/:\n${passwd}`, group: `root:x:0:\n${group}`, 'nsswitch.conf': nsswitch };
      const mounts = Object.entries(files).map(([name, text]) => {
        writeFileSync(join(dir, name), text);
        return `mount --bind ${join(dir, name)} /etc/${name}`;
      });
      const program = `const { distrust } = require('${bundled}'); console.log(distrust('${path}', ${alice}, ${JSON.stringify(account)})?.why ?? 'trusted')`;
      return execFileSync('unshare', ['--mount', 'sh', '-ec', `${mounts.join('; ')}; exec "$@"`, 'sh', process.execPath, '-e', program], {
        encoding: 'utf8',
      }).trim();
    };
    const own1 = 'alice:x:61001:61001::/:\n';
    expect(verdict(own1, 'alice:x:61001:\n')).toBe('trusted');
    expect(verdict(own1, 'alice:x:61001:alice,root\n')).toBe('trusted');
    expect(verdict(own1, 'alice:x:61001:mallory\n')).toContain('a group may write');
    expect(verdict(`${own1}mallory:x:61002:61001::/:\n`, 'alice:x:61001:\n')).toContain('a group may write');
    expect(verdict(own1, 'alice:x:61001:\n', 'passwd: files ldap\ngroup: files ldap\n')).toContain('a group may write');
  });
});
