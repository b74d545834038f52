import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { extensionOf } from '../../src/script/extension';
import { beginningProblem, hasInterpreter, interpreterProblem, isMeantAsProgram } from '../../src/script/program';

const dir = mkdtempSync(join(tmpdir(), 'fastagi-program-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function file(bytes: string, name = 'x'): string {
  const path = join(dir, name);
  writeFileSync(path, bytes, 'latin1');
  return path;
}

const mark = '\xef\xbb\xbf';
const beginnings: [what: string, bytes: string, problem: RegExp | undefined, ofInterpreter: boolean][] = [
  ['a line for its interpreter', '#!/bin/sh\necho hello\r\n', undefined, true],
  ['such a line and nothing else', '#!/bin/sh', undefined, true],
  ['a binary', '\x7fELF\x02\x01', undefined, false],
  ['a byte order mark before it', `${mark}#!/bin/sh\n`, /a byte order mark .*; take it out: sed /, true],
  ['CR LF', '#!/bin/sh\r\necho\r\n', /CR LF.*; take the CR out: sed /, true],
  ['a CR alone', '#!/bin/sh\r', /CR LF/, true],
  ['text', 'echo hello\n', /no binary; its first line must name its interpreter/, false],
  ['a byte order mark and text', `${mark}echo\n`, /no binary/, false],
  ['nothing', '', /no binary/, false],
  ['a line for its interpreter further below', '\n#!/bin/sh\n', /no binary/, false],
];

describe.each(beginnings)('a file that begins with %s', (_what, bytes, problem, ofInterpreter) => {
  const said = (found: ReturnType<typeof beginningProblem>) => found && `${found.why}; ${found.remedy}`;

  it('can be started as a program or not', () => {
    const found = said(beginningProblem(file(bytes)));
    if (problem) expect(found).toMatch(problem);
    else expect(found).toBeUndefined();
  });

  it('is looked at by its interpreter only if it has one', () => {
    const found = said(interpreterProblem(file(bytes)));
    if (problem && ofInterpreter) expect(found).toMatch(problem);
    else expect(found).toBeUndefined();
  });

  it('names an interpreter or not', () => {
    expect(hasInterpreter(file(bytes))).toBe(bytes.startsWith('#!'));
    expect(isMeantAsProgram(file(bytes))).toBe(ofInterpreter || bytes.startsWith('\x7fELF'));
  });
});

it.each([
  ['a byte order mark', `${mark}#!/bin/sh\necho it runs\n`],
  ['CR LF', '#!/bin/sh\r\necho it runs\r\n'],
])('the command that is named takes out %s', (_what, bytes) => {
  const path = file(bytes);
  const [, command = ''] = beginningProblem(path)?.remedy.split(': ') ?? [];
  execFileSync('sh', ['-c', command]);
  expect(beginningProblem(path)).toBeUndefined();
  chmodSync(path, 0o755);
  expect(execFileSync(path, { encoding: 'utf8' })).toBe('it runs\n');
});

it.each(['php', 'PHP', 'php7', 'phtml', 'pl', 'py', 'rb', 'sh', 'bash', 'lua', 'tcl', 'awk', 'exe', 'bin'])(
  'x.%s is a program by its name',
  (ending) => {
    expect(isMeantAsProgram(file('', `x.${ending}`))).toBe(true);
  },
);

it.each(['x.txt', 'x.php.bak', 'x.shell', 'php', 'x.php77'])('%s is none', (name) => {
  expect(isMeantAsProgram(file('text', name))).toBe(false);
});

it('is not waited for if it is a pipe, and what cannot be read is none', () => {
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(isMeantAsProgram(pipe)).toBe(false);
  expect(hasInterpreter(pipe)).toBe(false);
  expect(isMeantAsProgram(join(dir, 'gone'))).toBe(false);
  expect(hasInterpreter(join(dir, 'gone'))).toBe(false);
  expect(() => beginningProblem(join(dir, 'gone'))).toThrow(/ENOENT/);
  expect(() => interpreterProblem(dir)).toThrow(/EISDIR/);
});

it('a long line is read as far as Linux reads it', () => {
  expect(beginningProblem(file(`#!/${'x'.repeat(252)}\r\n`))?.why).toContain('CR LF');
  expect(beginningProblem(file(`#!/${'x'.repeat(253)}\r\n`))).toBeUndefined();
});

it.each([
  ['/a/x.js', '.js'],
  ['/a.b/x', ''],
  ['/a/.js', ''],
  ['/a/x.d.ts', '.ts'],
  ['x.', '.'],
  ['x', ''],
])('the extension of %s is "%s"', (path, extension) => {
  expect(extensionOf(path)).toBe(extension);
});
