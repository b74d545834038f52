import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { doubt } from '../../src/script/doubt';

const none = '0'.repeat(16);
const alice = { uid: 1000, gid: 1001 };

/** What the kernel says of a process of alice's, with one line as it should not be. */
function status(change: Partial<Record<'Uid' | 'Gid' | 'Groups' | 'CapPrm' | 'CapEff', string>> = {}): string {
  const lines = { Name: 'node', Uid: '1000\t1000\t1000\t1000', Gid: '1001\t1001\t1001\t1001', FDSize: '64', Groups: '29 1001 ', CapInh: none, CapPrm: none, CapEff: none, CapBnd: '000001ffffffffff', ...change }; // prettier-ignore
  return Object.entries(lines).map(([name, value]) => `${name}:\t${value}\n`).join(''); // prettier-ignore
}

describe('an identity is certain', () => {
  it('where all four ids, the groups and the capabilities are as they should be', () => {
    expect(doubt(status(), alice, [1001, 29])).toBeUndefined();
    expect(doubt(status(), alice, undefined)).toBeUndefined();
    expect(doubt(status({ Groups: ' ' }), alice, [])).toBeUndefined();
  });

  it('of this very process', () => {
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    expect(doubt(readFileSync('/proc/self/status', 'utf8'), { uid, gid }, process.getgroups?.())).toBeUndefined();
  });

  it.each([
    ...[0, 1, 2, 3].flatMap((at): [string, string, string][] =>
      ['Uid', 'Gid'].map((name) => {
        const id = name === 'Uid' ? '1000' : '1001';
        return [`one ${name} (${at}) is root's`, name, [id, id, id, id].with(at, '0').join('\t')];
      }),
    ),
    ['it is the user of a longer number', 'Uid', '10000\t10000\t10000\t10000'],
    ['a capability is permitted', 'CapPrm', '0000000000000080'],
    ['a capability is in effect', 'CapEff', '0000000000000001'],
    ['a group is missing', 'Groups', '1001 '],
    ["root's group is left", 'Groups', '0 29 1001 '],
    ['another group is left', 'Groups', '4 24 29 1001 '],
    ['there are no groups', 'Groups', ' '],
  ])('but not where %s', (_what, name, value) => {
    expect(doubt(status({ [name]: value }), alice, [1001, 29])).toMatch(/^(the kernel names|root could be regained)/);
  });

  it("nor where the groups are not known and root's is among them", () => {
    expect(doubt(status({ Groups: '0 1001 ' }), alice, undefined)).toBe('the kernel names the groups 0, 1001');
  });
});
