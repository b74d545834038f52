import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cache } from '../support/cache';
import { describeWith } from '../support/parts';
import { project } from '../support/super-server';

const script = `import { HangupError } from 'fastagi';
export default async function (fastagi) {
  try {
    const { digits } = await fastagi.getData('enter-pin', 5000, 4);
    await fastagi.streamFile(digits === '1234' ? 'welcome' : 'goodbye');
  } catch (error) {
    await fastagi.setVariable('WHY', error instanceof HangupError ? 'hangup' : 'other');
    throw error;
  }
}
`;

const tests = `import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { placeCall } from 'fastagi/testing';
import script from './pin.js';

test('lets the caller in', async () => {
  const call = await placeCall(script, { keys: '1234' });
  assert.deepEqual([call.status, call.heard], ['SUCCESS', ['enter-pin', 'welcome']]);
});
test('knows the errors that the script knows', async () => {
  const call = await placeCall(script, { hangUpAt: 'GET DATA' });
  assert.deepEqual([call.status, call.variables.WHY], ['HANGUP', 'hangup']);
});
test('serves require as well', async () => {
  const { placeCall: required } = createRequire(import.meta.url)('fastagi/testing');
  assert.equal((await required(script, { keys: '1111' })).heard[1], 'goodbye');
});
test('fails if a key was not wanted', async () => {
  await placeCall(script, { keys: '12345' });
});
`;

/** A user's project, with the built package. */
function projectWith(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-node-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, 'node_modules'));
  symlinkSync(project, join(dir, 'node_modules/fastagi'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  return dir;
}

const { NODE_TEST_CONTEXT: _context, ...env } = process.env;

it('tests scripts by the built package under node --test, which says where a test failed', () => {
  const dir = projectWith({ 'package.json': '{ "type": "module" }', 'pin.js': script, 'pin.test.js': tests });
  const { stdout, status } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'pin.test.js'], { cwd: dir, encoding: 'utf8', env }); // prettier-ignore
  expect(stdout).toMatch(/^# pass 3$/m);
  expect(stdout).toMatch(/^# fail 1$/m);
  expect(stdout).toContain('the caller was to press 5, and no command listened for 5');
  expect(stdout).toContain('<- GET DATA "enter-pin" 5000 4');
  expect(stdout).toMatch(/The call is kept: fastagi replay \S+\.cassette --script FILE/);
  expect(status).toBe(1);
});

const jest = join(cache, 'jest/node_modules/.bin/jest');

describeWith({ jest: existsSync(jest) }, 'jest', () => {
  it('tests scripts by the built package as well', () => {
    const dir = projectWith({
      'package.json': '{}',
      'pin.js': script
        .replace("import { HangupError } from 'fastagi';", "const { HangupError } = require('fastagi');")
        .replace('export default', 'module.exports ='),
      'pin.test.js': `const { placeCall, everywhere, replay } = require('fastagi/testing');
const script = require('./pin.js');
test('lets the caller in', async () => {
  const call = await placeCall(script, { keys: '1234' });
  expect([call.status, call.heard]).toEqual(['SUCCESS', ['enter-pin', 'welcome']]);
});
test('knows the errors that the script knows', async () => {
  expect((await placeCall(script, { hangUpAt: 'GET DATA' })).variables.WHY).toBe('hangup');
});
test('stands a hangup everywhere', () => everywhere(script, 'hangup', { keys: '1234' }));
test('replays a call that failed', async () => {
  const error = await placeCall(script, { keys: '12345' }).catch((failed) => failed);
  await replay(error.cassette, { script });
});
test('fails if a key was not wanted', () => placeCall(script, { keys: '12345' }));
`,
    });
    const { stderr, status } = spawnSync(process.execPath, [jest, '--rootDir', dir, '--watchman=false', '--ci', '--colors=false'], { cwd: dir, encoding: 'utf8', env }); // prettier-ignore
    expect(stderr).toMatch(/^Tests: +1 failed, 4 passed, 5 total$/m);
    expect(stderr).toContain('the caller was to press 5, and no command listened for 5');
    expect(status).toBe(1);
  });
});
