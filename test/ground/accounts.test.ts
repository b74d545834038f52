import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { accountOf, findAccount, groupMembers, groupsOf } from '../../src/ground/accounts';
import { describeWith, hasProgram } from '../support/parts';

describeWith({ getent: hasProgram('getent') }, "the system's accounts", () => {
  const getent = (...words: string[]): string[] => execFileSync('getent', words, { encoding: 'utf8' }).trimEnd().split('\n');
  const users = readFileSync('/etc/passwd', 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(':')[0] ?? '');

  it('are what the C library finds', () => {
    for (const user of users) {
      const [name, , uid, gid, , home] = getent('passwd', user)[0]?.split(':') ?? [];
      expect(findAccount((account) => account.name === user)).toEqual({ name, uid: Number(uid), gid: Number(gid), home });
    }
    expect(accountOf(0)).toMatchObject({ name: 'root', uid: 0, gid: 0 });
    expect(accountOf(4_000_000_000)).toBeUndefined();
    expect(findAccount((account) => account.name === '')).toBeUndefined();
  });

  it('are in the groups that the C library finds', () => {
    for (const user of users) {
      const own = findAccount((account) => account.name === user)?.gid ?? -1;
      const found = (getent('initgroups', user)[0] ?? '')
        .split(/\s+/)
        .slice(1)
        .filter((gid) => gid !== '')
        .map(Number);
      expect(new Set([...groupsOf(user), own]), user).toEqual(new Set([...found, own]));
    }
  });

  it('are the members of a group, by its list and by their own', () => {
    for (const line of readFileSync('/etc/group', 'utf8').trimEnd().split('\n')) {
      const [, , gid, members = ''] = line.split(':');
      const own = users.filter((user) => findAccount((account) => account.name === user)?.gid === Number(gid));
      expect(groupMembers(Number(gid)), line).toEqual([...members.split(',').filter((name) => name !== ''), ...own]);
    }
    expect(groupMembers(4_000_000_000)).toEqual([]);
  });
});
