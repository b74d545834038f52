import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkImports } from '../../scripts/check-imports.mjs';
import { project } from '../support/super-server';

function check(directory = join(project, 'src')): { status: number; output: string } {
  const { problems, modules } = checkImports(directory);
  return { status: problems.length === 0 ? 0 : 1, output: [...problems, `${modules} modules`].join('\n') };
}

/** The modules that a text imports, as files, but for one that is not to be there. */
function importedBy(file: string, text: string): string[] {
  const named = [...text.matchAll(/['"](\.\.?\/[^'"]+)['"]/g)].map(([, path]) => `${join(dirname(file), path ?? '')}.ts`);
  return named.filter((path) => !path.includes('no-such'));
}

describe('the check of import directions', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync('/tmp/fastagi-gate-');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('sees the modules of the project, and passes', () => {
    const { status, output } = check();
    expect(status).toBe(0);
    expect(Number(/^(\d+) modules/m.exec(output)?.[1])).toBeGreaterThan(50);
    cpSync(join(project, 'src'), dir, { recursive: true });
    expect(check(dir).status).toBe(0);
  });

  it.each([
    [
      'an import upwards',
      'agi/bad.ts',
      "import { serveCall } from '../call/serve-call';\nexport const x = serveCall;",
      /agi must not import call/,
    ],
    [
      'a type import upwards',
      'ground/bad.ts',
      "import type { Commands } from '../agi/agi';\nexport type X = Commands;",
      /ground must not import agi/,
    ],
    ['a lazy import upwards', 'config/bad.ts', "export const x = () => import('../cli/main');", /config must not import cli/],
    ['a re-export upwards', 'script/bad.ts', "export * from '../config/settings';", /script must not import config/],
    ['a type in brackets', 'agi/bad.ts', "export type X = import('../script/load').Script;", /agi must not import script/],
    [
      'a require upwards',
      'agi/bad.ts',
      "declare const require: (name: string) => unknown;\nexport const x = require('../cli/main');",
      /agi must not import cli/,
    ],
    ['an import of testing', 'call/bad.ts', "import '../testing/asterisk/clock';", /call must not import testing/],
    ['an import between siblings', 'manager/bad.ts', "import '../agi/channel';", /manager must not import agi/],
    [
      'an import between neighbours',
      'serve/once/bad.ts',
      "import '../async-agi/serve-async';",
      /serve\/once must not import serve\/async-agi/,
    ],
    ['a process that knows a call', 'serve/process/bad.ts', "import '../../call/run-call';", /serve\/process must not import call/],
    ['a process that knows who serves', 'serve/process/bad.ts', "import '../once/begin';", /serve\/process must not import serve\/once/],
    ['a door that imports the command line', 'bad.ts', "import './cli/main';", /must not import cli/],
    ['a listener on the process', 'call/bad.ts', "process.on('exit', () => undefined);", /process.on is the whole process's/],
    ['an exit', 'cli/bad.ts', 'process.exit(1);', /process.exit is the whole process's/],
    ['an exit by another way', 'call/bad.ts', "process['exit'](1);", /process.exit is the whole process's/],
    ['standard output', 'serve/once/bad.ts', "process.stdout.write('x');", /process.stdout is the whole process's/],
    ['a taken property', 'script/bad.ts', 'export const { emitWarning } = process;', /process.emitWarning is the whole process's/],
    [
      'a room without a rule',
      'utils/bad.ts',
      "import { visible } from '../ground/visible';\nexport const x = visible;",
      /utils is no room/,
    ],
    [
      'a wire that does I/O',
      'agi/wire/bad.ts',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;",
      /a wire only parses and builds, and imports no node:fs/,
    ],
    ['a wire that loads a builtin', 'manager/wire/bad.ts', "export const x = () => import('net');", /imports no net/],
    [
      'a wire that asks for a builtin',
      'manager/wire/bad.ts',
      "export const x = () => process.getBuiltinModule('node:net');",
      /imports no getBuiltinModule/,
    ],
    [
      'a wire that imports what stands on it',
      'agi/wire/bad.ts',
      "import { createChannel } from '../channel';\nexport const x = createChannel;",
      /a wire must not import what stands on it \(agi\/channel.ts\)/,
    ],
    [
      'a circle',
      'ground/errors.ts',
      "import { oneLine } from './visible';\nexport * from './log';\nexport const x = oneLine;",
      /a circle of imports/,
    ],
    ['a file that is too long', 'agi/bad.ts', 'export const x = 1;\n'.repeat(301), /301 lines, more than 300/],
    ['a module that is not there', 'agi/bad.ts', "import './no-such';", /no-such is no module/],
    ['a file that is no TypeScript', 'agi/bad.ts', 'this is = no (', /cannot be parsed/],
  ])('fails for %s', (_what, file, text, problem) => {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), text);
    for (const target of importedBy(file, text)) {
      mkdirSync(dirname(join(dir, target)), { recursive: true });
      writeFileSync(join(dir, target), 'export {};\n');
    }
    if (file === 'ground/errors.ts') writeFileSync(join(dir, 'ground/visible.ts'), "export * from './errors';\nexport const oneLine = 1;");
    const { status, output } = check(dir);
    expect(status).toBe(1);
    expect(output).toMatch(problem);
  });

  it('fails where it sees nothing', () => {
    expect(check(dir)).toMatchObject({ status: 1, output: expect.stringContaining('no modules were found') as string });
  });
});
