import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readSettings, type CommandLineSettings } from '../../config/read-settings';
import { runtimeName } from '../../ground/runtime';
import { ConfigError } from '../../ground/errors';
import { findServices } from '../services/services';
import type { CommandEnd } from '../start';
import { apply } from './apply';
import { asteriskPaths } from './asterisk-paths';
import type { Change } from './change';
import { dialplanLines, scriptText, testText, tsconfigText } from './templates';

export interface NewScriptOptions {
  /** As the dialplan names it: `menus/sales`. */
  readonly name: string;
  readonly isTypeScript: boolean;
  readonly settings: CommandLineSettings;
}

/** `fastagi new`: a script, its test, and the lines of the dialplan that call it. */
export function newScript({ name, isTypeScript, settings }: NewScriptOptions): CommandEnd {
  const { basedir } = readSettings(settings).fastagi;
  if (!/^[\w-]+(?:\/[\w-]+)*$/.test(name))
    throw new ConfigError('FASTAGI_SETUP', `${name} is no name for a script: letters, digits, - and _, with / between directories`);
  if (!existsSync(basedir))
    throw new ConfigError('FASTAGI_SETUP', `there is no directory ${basedir} for scripts: fastagi install, or name another with --basedir`);
  if (isTypeScript && !process.features.typescript)
    throw new ConfigError('FASTAGI_SETUP', `${runtimeName()} does not run TypeScript: Node 22.18, 24 and later do`);
  const extension = extensionFor(join(basedir, dirname(name)), basedir, isTypeScript);
  const file = `${name}${extension}`;
  const test = `${name}.test${extension}`;
  const taken = [file, test].find((one) => existsSync(join(basedir, one)));
  if (taken !== undefined) throw new ConfigError('FASTAGI_SETUP', `${join(basedir, taken)} is there already; choose another name`);
  const texts = [[file, scriptText(name, isTypeScript)], [test, testText(file)]] as const; // prettier-ignore
  const changes = texts.map(([path, text]) => fileOf(join(basedir, path), text));
  const config = join(basedir, 'tsconfig.json');
  if (isTypeScript && !existsSync(config)) changes.push(fileOf(config, tsconfigText()));
  for (const change of changes) apply(change, { what: 'adds', before: '' }, '/', undefined);
  const port = findServices().find(({ isOffered }) => isOffered)?.listens[0]?.port ?? 4573;
  return {
    status: 0,
    out: [
      ...changes.map(({ path }) => `new file ${path}`),
      '',
      'In the dialplan:',
      ...dialplanLines(name, port).map((line) => `    ${line}`),
      '',
      `Its test: cd ${basedir} && node --test ${test}`,
      ...(isTypeScript ? [`Types for the editor: cd ${basedir} && npm install --save-dev typescript @types/node`] : []),
    ],
  };
}

/** The user whom scripts here belong to; whoever is not root makes files of one's own. */
function fileOf(path: string, text: string): Extract<Change, { kind: 'file' }> {
  const { user } = asteriskPaths();
  return { kind: 'file', path, text, mode: 0o644, owner: { user, group: user }, isUsers: true };
}

/** An ES module, whatever the directory's package.json says. */
function extensionFor(directory: string, basedir: string, isTypeScript: boolean): string {
  const kind = isTypeScript ? 'ts' : 'js';
  return isModule(directory, basedir) ? `.${kind}` : `.m${kind}`;
}

function isModule(directory: string, basedir: string): boolean {
  const manifest = join(directory, 'package.json');
  if (existsSync(manifest) && statSync(manifest).isFile())
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
  return directory.length > basedir.length && isModule(dirname(directory), basedir);
}
