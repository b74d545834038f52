import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkOwnDirectory } from '../../../src/ground/own-directory';
import { countsOf, makeCounts, tryMakeCounts } from '../../../src/call/mail/counts';
import { silent } from '../../../src/ground/log';
import { describeWith, isRoot } from '../../support/parts';
import { recordedLog } from '../../support/recorded-log';

const [alice, mallory] = [61_001, 61_002];

describeWith({ root: isRoot }, 'the directory in which mails are counted', () => {
  let dir: string;
  let within: string;
  beforeEach(() => {
    dir = mkdtempSync('/tmp/fastagi-counts-');
    within = join(dir, 'fastagi');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("is the user's alone, in one that is root's and that every user can enter, whatever the umask", () => {
    const umask = process.umask(0o077);
    tryMakeCounts({ uid: alice, gid: alice }, silent, within);
    process.umask(umask);
    makeCounts({ uid: alice, gid: alice }, within);
    expect(lstatSync(within)).toMatchObject({ uid: 0, mode: 0o40755 });
    expect(lstatSync(countsOf(alice, within))).toMatchObject({ uid: alice, gid: alice, mode: 0o40700 });
    expect(() => checkOwnDirectory(countsOf(alice, within), alice)).not.toThrow();
  });

  it.each([
    ['is of another', () => chownSync(countsOf(alice, within), mallory, alice)],
    ['the group may enter', () => chmodSync(countsOf(alice, within), 0o710)],
    ['the group may read', () => chmodSync(countsOf(alice, within), 0o740)],
    ['others may write', () => chmodSync(countsOf(alice, within), 0o702)],
    ['is a link', () => (rmSync(countsOf(alice, within), { recursive: true }), symlinkSync('/tmp', countsOf(alice, within)))],
  ])('is refused where it %s, and stays as it is', (_what, change) => {
    makeCounts({ uid: alice, gid: alice }, within);
    change();
    const before = lstatSync(countsOf(alice, within));
    expect(() => checkOwnDirectory(countsOf(alice, within), alice)).toThrow(/is not user 61001's alone; remove it/);
    makeCounts({ uid: alice, gid: alice }, within);
    expect(lstatSync(countsOf(alice, within))).toMatchObject({ uid: before.uid, mode: before.mode });
  });

  it.each([
    ['belongs to a user', () => chownSync(within, mallory, mallory)],
    ['can be written by everybody', () => chmodSync(within, 0o777)],
  ])('is not made in one that %s', (_what, change) => {
    mkdirSync(within);
    change();
    expect(() => makeCounts({ uid: alice, gid: alice }, within)).toThrow(/not root's alone; chown root .*; chmod go-w /);
    const { log, lines } = recordedLog();
    tryMakeCounts({ uid: alice, gid: alice }, log, within);
    expect(lines).toEqual([expect.stringMatching(/^warn mails on errors may not be counted: .*not root's alone/)]);
  });
});
