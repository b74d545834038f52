import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { editFile, putDirectory, putFile } from '../../src/cli/setup/put';
import { describeWith, isRoot } from '../support/parts';

/** An account that every Debian has. */
const owner = { user: 'daemon', group: 'daemon' };

describeWith({ root: isRoot }, 'what install puts into a directory of somebody else', () => {
  let dir: string;
  beforeEach(() => {
    // Below /var, whose way is root's.
    dir = mkdtempSync('/var/lib/fastagi-put-');
    chmodSync(dir, 0o755);
    for (const name of ['theirs', 'roots']) mkdirSync(join(dir, name), { mode: 0o755 });
    chownSync(join(dir, 'theirs'), 1, 1);
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const how = { mode: 0o640, owner, root: '/' };

  it('belongs to whom it should, in a directory of that user or of root', () => {
    for (const place of ['theirs', 'roots']) {
      putFile(join(dir, place, 'file'), 'text', false, how);
      expect(lstatSync(join(dir, place, 'file'))).toMatchObject({ uid: 1, gid: 1, mode: 0o100640 });
      putDirectory(join(dir, place, 'directory'), { ...how, mode: 0o750 });
      expect(lstatSync(join(dir, place, 'directory'))).toMatchObject({ uid: 1, gid: 1, mode: 0o040750 });
    }
  });

  it('follows no link that the user has put in its place', () => {
    writeFileSync(join(dir, 'roots/precious'), 'precious');
    symlinkSync(join(dir, 'roots/precious'), join(dir, 'theirs/file'));
    symlinkSync(join(dir, 'roots'), join(dir, 'theirs/directory'));
    expect(() => putFile(join(dir, 'theirs/file'), 'text', false, how)).toThrow(/EEXIST/);
    expect(() => putFile(join(dir, 'theirs/file'), 'text', true, how)).toThrow(/ELOOP/);
    expect(() => putDirectory(join(dir, 'theirs/directory'), how)).toThrow(/EEXIST/);
    expect(readFileSync(join(dir, 'roots/precious'), 'utf8')).toBe('precious');
    expect(lstatSync(join(dir, 'roots'))).toMatchObject({ uid: 0 });
  });

  it('edits a file that root has put somewhere else, and none that the user has linked to', () => {
    writeFileSync(join(dir, 'roots/precious'), 'precious\n', { mode: 0o640 });
    symlinkSync(join(dir, 'roots/precious'), join(dir, 'roots/link'));
    symlinkSync(join(dir, 'roots/precious'), join(dir, 'theirs/link'));
    editFile(join(dir, 'roots/link'), (text) => `${text}more\n`);
    expect(() => editFile(join(dir, 'theirs/link'), () => 'gone')).toThrow(/ELOOP/);
    expect(readFileSync(join(dir, 'roots/precious'), 'utf8')).toBe('precious\nmore\n');
    expect(lstatSync(join(dir, 'roots/precious'))).toMatchObject({ uid: 0, mode: 0o100640 });
    expect(lstatSync(join(dir, 'roots/link')).isSymbolicLink()).toBe(true);
  });

  it("stays root's, if the user has put a link on its way", () => {
    // Beyond a directory of the user's: who else could have exchanged it cannot be known.
    mkdirSync(join(dir, 'theirs/inner'), { mode: 0o755 });
    symlinkSync(join(dir, 'theirs/inner'), join(dir, 'theirs/way'));
    putFile(join(dir, 'theirs/way/file'), 'text', false, how);
    expect(lstatSync(join(dir, 'theirs/inner/file'))).toMatchObject({ uid: 0, mode: 0o100640 });
  });
});
