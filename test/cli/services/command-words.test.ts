import { expect, it } from 'vitest';
import { commandFaults, namesFastagi, runtimeOf } from '../../../src/cli/services/command-words';
import type { SystemFacts } from '../../../src/cli/services/system-facts';

const facts = (more: Partial<SystemFacts> = {}): SystemFacts => ({
  portOf: () => 4573,
  isUser: () => true,
  isGroup: () => true,
  isExecutable: () => true,
  program: '/opt/fastagi/bin/fastagi',
  bunProgram: '/opt/fastagi-bun',
  bun: { version: '1.4.5', fits: true },
  resolve: (path) => path,
  ...more,
});
const words = ['/opt/fastagi-bun', '--config', '/etc/x.conf'];

it("the program that Bun runs is fastagi's, too", () => {
  expect(namesFastagi(words)).toBe(true);
  expect(commandFaults(words, 3, facts())).toEqual([]);
  expect(runtimeOf(words, facts())).toBe('Bun 1.4.5');
  expect(runtimeOf(['/usr/bin/node', '/opt/fastagi/bin/fastagi'], facts())).toBeUndefined();
});

it.each([
  [
    'was made from another version of fastagi, and calls begin some ms later',
    'make it anew: fastagi prepare --bun',
    'warning',
    { bun: { version: '1.4.5', fits: false } },
  ],
  ['is no program that can be executed', 'make it: fastagi prepare --bun', 'error', { isExecutable: () => false, bun: undefined }],
  [
    'is another fastagi than this one, /opt/fastagi/bin/fastagi',
    'name /opt/fastagi/bin/fastagi, or check with that one: /opt/fastagi-bun check',
    'warning',
    { bunProgram: '/usr/lib/fastagi-bun' },
  ],
] as const)('%s: %s', (what, remedy, level, more) => {
  expect(commandFaults(words, 3, facts(more))).toEqual([{ level, line: 3, what: `/opt/fastagi-bun ${what}`, remedy }]);
});
