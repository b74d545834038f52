import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { project } from '../support/super-server';

describe("the check of the settings' document", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync('/tmp/fastagi-gate-');
    for (const part of ['src/config', 'docs']) {
      mkdirSync(join(dir, part), { recursive: true });
      cpSync(join(project, part), join(dir, part), { recursive: true });
    }
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function run(...args: string[]): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/configuration.mjs', dir, ...args], {
      cwd: project,
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  }

  function change(file: string, from: string, to: string): void {
    const text = readFileSync(join(dir, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(dir, file), text.replace(from, to));
  }

  const table = 'src/config/settings-table.ts';
  const document = 'docs/configuration.md';

  it.each([
    ['another default', table, "number('hangup_grace', 60,", "number('hangup_grace', 61,"],
    ['another help', table, '/** Whom failed calls are mailed to. */', '/** Who gets mails. */'],
    [
      'a new key',
      table,
      "    foreign: flag('foreign', true),",
      "    foreign: flag('foreign', true),\n    /** New. */\n    more: flag('more', true),",
    ],
    ['a changed document', document, '| `admin` |', '| `admins` |'],
  ])('fails for %s, and passes when it is written anew', (_what, file, from, to) => {
    expect(run('--check').status).toBe(0);
    change(file, from, to);
    expect(run('--check')).toMatchObject({ status: 1, output: expect.stringContaining('run: node scripts/configuration.mjs') as string });
    expect(run().status).toBe(0);
    expect(run('--check').status).toBe(0);
  });

  it.each([
    ['a key without help', table, '    /** Connects with TLS. */\n', '', /\[asmanager\] tls has no line of help/],
    ['a section without a place', document, '<!-- [tts] -->', '', /has no place for \[tts\]/],
    ['a place for no section', document, '<!-- [tts] -->', '<!-- [tts] -->\n<!-- end -->\n\n<!-- [none] -->', /a place for \[none\]/],
  ])('fails for %s', (_what, file, from, to, problem) => {
    change(file, from, to);
    const { status, output } = run('--check');
    expect(status).toBe(1);
    expect(output).toMatch(problem);
  });
});
