import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPackage, ownCall } from '../support/own-package';
import { until } from '../support/super-server';

/** Begins with what stands in dist/call.js, waits, and goes on with what does not. */
const script = `const { existsSync } = require('node:fs');
module.exports = async (agi) => {
  await agi.verbose('begun');
  while (!existsSync(__dirname + '/gone')) await new Promise((resolve) => setTimeout(resolve, 5));
  await agi.answer();
  await agi.menu({ 1: 'beep' }, 1, { attempts: 1 });
  await agi.play(['beep', { number: 3 }]);
  await agi.exec('NoOp');
  await agi.databasePut('family', 'key', 'value');
  await agi.verbose({ any: 'thing' });
};
`;

describe('a call in progress while the package is replaced', () => {
  let dir: string;
  let installed: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'fastagi-update-test-'));
    installed = join(dir, 'fastagi');
    copyPackage(installed);
    mkdirSync(join(dir, 'agi-bin'));
    writeFileSync(join(dir, 'agi-bin/long.cjs'), script);
    writeFileSync(join(dir, 'conf'), `[fastagi]\nsetuid = false\nbasedir = ${dir}/agi-bin\nlog = ${dir}/log\n`);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const away = (): void => renameSync(installed, `${installed}.away`);

  it.each([
    ['which is away at that moment', away],
    [
      'by another one',
      () => {
        away();
        mkdirSync(join(installed, 'dist'), { recursive: true });
        for (const name of ['call', 'later']) writeFileSync(join(installed, `dist/${name}.js`), "throw new Error('another version')");
      },
    ],
  ])('goes on with the one that it began with: %s', async (_what, replace) => {
    const program = [process.execPath, join(installed, 'bin/fastagi'), '--config', join(dir, 'conf')];
    const { asterisk, variables, status } = await ownCall(program, {
      script: 'long.cjs',
      async meanwhile({ commands }) {
        await until('the first command', () => commands.length > 0);
        replace();
        writeFileSync(join(dir, 'agi-bin/gone'), '');
      },
    });
    expect([variables.get('FASTAGISTATUS'), variables.get('FASTAGIERROR'), status]).toEqual(['SUCCESS', undefined, 0]);
    expect(asterisk.commands.map((line) => line.split(' ')[0])).toContain('DATABASE');
  });
});
