import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { project } from '../support/super-server';

/** The files that are loaded with the program at once: what is loaded later stands behind an arrow. */
function loadedAtOnce(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  const text = readFileSync(join(project, 'dist', file), 'utf8');
  for (const [, name = ''] of text.matchAll(/= ?require\(["'`]\.\/([\w-]+\.js)["'`]\)/g)) loadedAtOnce(name, found);
  return found;
}

it('nothing of the manager is loaded before a script asks for it', () => {
  const files = [...loadedAtOnce('main.js')];
  expect(files).toContain('call.js');
  const text = files.map((name) => readFileSync(join(project, 'dist', name), 'utf8')).join('\n');
  expect(text).toContain('FASTAGI_HANGUP');
  for (const sign of ['FASTAGI_MANAGER_NOT_READY', 'FASTAGI_MANAGER_MALFORMED', 'CoreStatus', 'OriginateResponse'])
    expect(text).not.toContain(sign);
});

it('a call has all that it needs in one file', () => {
  // Each further one costs a caller a fraction of a ms: a runtime of the bundler's, for one.
  expect([...loadedAtOnce('call.js')]).toEqual(['call.js']);
});
