import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bunProgramOf } from '../../src/ground/bun-program';

it.each([
  ['/usr/local/lib/node_modules/fastagi', '/usr/local/lib/fastagi-bun'],
  ['/usr/lib/fastagi', '/usr/lib/fastagi-bun'],
])('an update of the package in %s leaves %s alone', (directory, program) => {
  expect(bunProgramOf(directory)).toBe(program);
});

it('a checkout has it among what is built', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'fastagi-test-'));
  try {
    mkdirSync(join(checkout, 'src'));
    expect(bunProgramOf(checkout)).toBe(join(checkout, 'dist/fastagi-bun'));
  } finally {
    rmSync(checkout, { recursive: true });
  }
});
