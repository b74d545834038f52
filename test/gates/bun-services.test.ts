import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { project } from '../support/super-server';

/** The settings of a service file, as they stand there. */
const settings = (file: string): string[] =>
  readFileSync(join(project, file), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));

it.each([
  ['xinetd/fastagi', 'xinetd/fastagi-bun', /^\tserver |^\tenv +=/],
  ['systemd/fastagi@.service', 'systemd/fastagi-bun@.service', /^ExecStart=|^Environment=/],
])('%s and %s differ in the program and its environment only', (node, bun, own) => {
  const others = (file: string): string[] => settings(file).filter((line) => !own.test(line));
  expect(others(bun)).toEqual(others(node));
  expect(settings(bun).filter((line) => line.includes('BUN_JSC_useJIT=0'))).toHaveLength(1);
});
