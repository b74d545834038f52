import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commands, settingsOptions } from '../../src/cli/commands';
import { sectionsOfTable } from '../../src/config/settings-table';
import { hasProgram } from '../support/parts';
import { project } from '../support/super-server';

const page = readFileSync(join(project, 'dist/fastagi.1'), 'utf8').replaceAll('\\-', '-');

it('the man page has each command, option and key', () => {
  const shown = commands.filter(({ describe }) => describe !== undefined);
  expect(shown.length).toBeGreaterThan(5);
  for (const { name, options = {}, examples = [] } of shown) {
    expect(page).toContain(`.B fastagi ${name}`);
    for (const option of Object.keys(options)) expect(page).toContain(`\\fB--${option}\\fR`);
    for (const [line] of examples) expect(page).toContain(`\\fB${line}\\fR`);
  }
  for (const option of Object.keys(settingsOptions)) expect(page).toContain(`\\fB--${option}\\fR`);
  for (const [section, rows] of sectionsOfTable()) {
    expect(page).toContain(`.SS [${section}]`);
    for (const [, { key }] of rows) expect(page).toMatch(new RegExp(`^\\.B ${key}( |$)`, 'm'));
  }
  expect(page).not.toContain('load-check');
});

it.runIf(hasProgram('groff'))('the man page is formatted without a warning', () => {
  const { stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-z', join(project, 'dist/fastagi.1')], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const shown = execFileSync('groff', ['-man', '-Tascii', '-P-cbou', join(project, 'dist/fastagi.1')], { encoding: 'utf8' });
  expect(shown).toContain("Become the script's owner, when started as root.");
});
