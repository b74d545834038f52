import { chmodSync, chownSync, closeSync, fstatSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logProblem, openLogFile, openUsersLog } from '../../../src/serve/process/log-file';
import { describeWith, isRoot } from '../../support/parts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('a file for a log', () => {
  const file = () => join(dir, 'own.log');

  it('is made, and appended to', () => {
    for (const text of ['one\n', 'two\n']) {
      const opened = openLogFile(file(), 'root');
      writeFileSync(opened, text);
      closeSync(opened);
    }
    expect(readFileSync(file(), 'utf8')).toBe('one\ntwo\n');
    expect(logProblem(file(), 'root')).toBeUndefined();
  });

  it.each<[what: string, make: () => void, problem: RegExp]>([
    ['another name besides', () => (writeFileSync(file(), ''), linkSync(file(), join(dir, 'other'))), /another name besides/],
    ['everybody as its writer', () => (writeFileSync(file(), ''), chmodSync(file(), 0o666)), /others may write it; chmod go-w/],
  ])('that has %s is refused', (_what, make, problem) => {
    make();
    expect(() => openLogFile(file(), 'root')).toThrow(problem);
    expect(logProblem(file(), 'root')).toMatch(problem);
  });

  it('is no link, no directory, and named by its whole path', () => {
    symlinkSync('/etc/passwd', file());
    expect(() => openLogFile(file(), 'root')).toThrow();
    expect(logProblem(file(), 'root')).toMatch(/no regular file/);
    mkdirSync(join(dir, 'logs'));
    expect(() => openLogFile(join(dir, 'logs'), 'root')).toThrow(/EISDIR/);
    expect(() => openLogFile('own.log', 'root')).toThrow(/write its whole path/);
    expect(logProblem('/nowhere/at/all', 'root')).toMatch(/ENOENT/);
  });

  it.runIf(isRoot)("is opened as its directory's owner, and not in the name of whoever wrote the settings", () => {
    expect(logProblem('/etc/fastagi-test.log', 4711)).toBeUndefined();
    expect(() => openLogFile('/etc/fastagi-test.log', 4711)).toThrow(/EACCES/);
  });
});

describeWith({ root: isRoot }, 'whom root opens a log as', () => {
  const [alice, mallory] = [61_001, 61_002];
  const file = () => join(dir, 'own.log');
  const opened = (master: 'root' | number = 'root') => {
    const descriptor = openLogFile(file(), master);
    const stat = fstatSync(descriptor);
    closeSync(descriptor);
    return stat;
  };

  it('root, in a directory of its own; its owner, in another', () => {
    expect(opened()).toMatchObject({ uid: 0, mode: 0o100640 });
    rmSync(file());
    chmodSync(dir, 0o755);
    chownSync(dir, alice, alice);
    expect(opened()).toMatchObject({ uid: alice, mode: 0o100640 });
    // What root has made there is as good.
    chownSync(file(), 0, 0);
    chmodSync(file(), 0o606);
    expect(() => opened()).toThrow(/others may write it/);
    expect([process.geteuid?.(), process.getegid?.()]).toEqual([0, 0]);
  });

  it("the master of the settings, in the master's directory and in no other user's", () => {
    chmodSync(dir, 0o755);
    chownSync(dir, alice, alice);
    expect(opened(alice)).toMatchObject({ uid: alice });
    expect(logProblem(file(), alice)).toBeUndefined();
    expect(() => opened(mallory)).toThrow(`its directory is user ${alice}'s, and the configuration user ${mallory}'s`);
    expect(logProblem(file(), mallory)).toMatch(/its directory is user 61001's/);
  });

  it('nobody, if several users could have exchanged it', () => {
    chmodSync(dir, 0o775);
    chownSync(dir, alice, 4);
    expect(() => opened()).toThrow(/a group may write .*; chmod g-w /);
  });

  it.each([
    ["another's", () => chownSync(file(), mallory, mallory), /it belongs to user 61002; chown 0 /],
    ["a group's to write", () => chmodSync(file(), 0o660), /others may write it; chmod go-w /],
  ])('none where the file is %s', (_what, change, problem) => {
    opened();
    change();
    expect(() => opened()).toThrow(problem);
    expect(logProblem(file(), 'root')).toMatch(problem);
  });

  describe('in a directory with a file for each user', () => {
    const logs = () => join(dir, 'logs');
    beforeEach(() => mkdirSync(logs(), { mode: 0o755 }));
    const users = (uid: number, gid: number, account?: { name: string; uid: number; gid: number; home: string }) => {
      const descriptor = openUsersLog(`${logs()}/`, { uid, gid, account });
      writeFileSync(descriptor, 'line\n');
      const stat = fstatSync(descriptor);
      closeSync(descriptor);
      return stat;
    };

    it('by name, which its group may read; by number without one, or if the name is none for a file', () => {
      expect(users(1, 1)).toMatchObject({ uid: 1, gid: 1, mode: 0o100640 });
      users(1, 1);
      expect(readFileSync(join(logs(), 'daemon.log'), 'utf8')).toBe('line\nline\n');
      expect(users(alice, 65_534)).toMatchObject({ uid: alice, gid: 65_534, mode: 0o100600 });
      expect(statSync(join(logs(), `${alice}.log`)).uid).toBe(alice);
      users(mallory, mallory, { name: '../x', uid: mallory, gid: mallory, home: '/' });
      expect(statSync(join(logs(), `${mallory}.log`)).uid).toBe(mallory);
      users(0, 0, { name: 'a.b-c', uid: 0, gid: 0, home: '/' });
      expect(statSync(join(logs(), 'a.b-c.log')).uid).toBe(0);
      expect(logProblem(logs(), 'root')).toBeUndefined();
    });

    it('no file that another has put there, and no link', () => {
      writeFileSync(join(logs(), 'daemon.log'), '');
      chownSync(join(logs(), 'daemon.log'), mallory, mallory);
      expect(() => users(1, 1)).toThrow(/it belongs to user 61002; chown 1 /);
      rmSync(join(logs(), 'daemon.log'));
      symlinkSync('/etc/passwd', join(logs(), 'daemon.log'));
      expect(() => users(1, 1)).toThrow(/ELOOP/);
    });

    it.each([
      ["is another's", () => chownSync(logs(), alice, alice), /a directory of logs must be root's alone, .*; chown root \S+logs\/?$/],
      ['can be written by a group', () => (chownSync(logs(), 0, 4), chmodSync(logs(), 0o775)), /a group may write .*; chmod g-w /],
      ['is sticky', () => chmodSync(logs(), 0o1777), /must be root's alone, .*; chmod go-w \S+logs\/?$/],
      ['lies in one of another', () => (chmodSync(dir, 0o755), chownSync(dir, alice, alice)), /must be root's alone, .*; chown root /],
    ])('none where it %s', (_what, change, problem) => {
      change();
      expect(() => users(1, 1)).toThrow(problem);
      expect(logProblem(logs(), 'root')).toMatch(problem);
    });
  });
});
