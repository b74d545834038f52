/**
 * Why a process does not have an identity for certain, by what the kernel says of it; undefined where it has. Without one of root's four user
 * ids and without a permitted capability no system call gives root back.
 * @param status the text of /proc/PID/status
 * @param groups all that it must be in; undefined where that is not known
 * @see proc_pid_status(5), credentials(7)
 */
export function doubt(
  status: string,
  { uid, gid }: { uid: number; gid: number },
  groups: readonly number[] | undefined,
): string | undefined {
  const isAll = (name: string, id: number): boolean => status.includes(`\n${name}:\t${id}\t${id}\t${id}\t${id}\n`);
  if (!isAll('Uid', uid) || !isAll('Gid', gid)) return 'the kernel names another one';
  if (uid === 0) return undefined;
  if (hasCapabilities(status)) return 'root could be regained';
  const actual = groupsIn(status);
  const isExpected = groups
    ? actual.every((group) => groups.includes(group)) && groups.every((group) => actual.includes(group))
    : !actual.includes(0);
  return isExpected ? undefined : `the kernel names the groups ${actual.join(', ')}`;
}

function groupsIn(status: string): number[] {
  const start = status.indexOf('\nGroups:\t') + '\nGroups:\t'.length;
  const text = status.slice(start, status.indexOf('\n', start)).trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function hasCapabilities(status: string): boolean {
  const none = '0'.repeat(16);
  return !status.includes(`\nCapPrm:\t${none}\n`) || !status.includes(`\nCapEff:\t${none}\n`);
}
