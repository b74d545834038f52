import { accessSync, constants } from 'node:fs';
import { ScriptError } from '../ground/errors';
import { oneLine } from '../ground/visible';
import { extensionOf } from './extension';

/** What a script's module exports by default. */
export type Script = (agi: unknown) => unknown;

/**
 * Loads a script as whoever this process is now. Synchronous wherever Node's require can do it, which is several ms
 * faster. Throws ScriptError.
 */
export function loadScript(path: string): Script | Promise<Script> {
  checkLanguage(path);
  const emitWarning = process.emitWarning;
  // That require loads ES modules is on purpose, and its warning would stand in the log of every call.
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] !== 'ExperimentalWarning') Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return scriptOf(requireFile(path), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_REQUIRE_ASYNC_MODULE') return importScript(path);
    throw broken(path, error);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Loading node:module for its createRequire would cost the caller a millisecond; the main module brings a require. */
function requireFile(path: string): unknown {
  const main = process.mainModule ?? process.getBuiltinModule('node:module').createRequire(path);
  return typeof main === 'function' ? main(path) : main.require(path);
}

/** Only a module with top-level await needs this. */
async function importScript(path: string): Promise<Script> {
  const { importFile } = await import('./import-file');
  try {
    return scriptOf(await importFile(path), path);
  } catch (error) {
    throw broken(path, error);
  }
}

function scriptOf(module: unknown, path: string): Script {
  for (const candidate of [module, defaultOf(module), defaultOf(defaultOf(module))]) {
    if (typeof candidate === 'function') return candidate as Script;
  }
  throw new ScriptError(
    'FASTAGI_SCRIPT_EXPORT',
    `${path} exports no function by default; write: export default async function (fastagi) { ... }`,
    { status: 'FAILURE' },
  );
}

function defaultOf(module: unknown): unknown {
  return typeof module === 'object' && module !== null ? (module as { default?: unknown }).default : undefined;
}

function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (cause) {
    const who = `user ${process.geteuid?.()}`;
    const message = `${path} is refused: ${who} may not read it; chmod u+r it, and u+x the directories on its way`;
    throw new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', message, { status: 'FORBIDDEN', cause });
  }
}

function checkLanguage(path: string): void {
  if (!extensionOf(path).endsWith('ts') || process.features.typescript) return;
  throw new ScriptError(
    'FASTAGI_SCRIPT_TYPESCRIPT',
    `${path} is TypeScript, which Node ${process.version} does not run by itself; Node 22.18, 24 and later do: update Node or compile the script`,
    { status: 'FAILURE' },
  );
}

function broken(path: string, error: unknown): ScriptError {
  if (error instanceof ScriptError) return error;
  checkReadable(path);
  const why = error instanceof Error ? `${error.name}: ${error.message}${placeOf(path, error)}` : String(error);
  return new ScriptError('FASTAGI_SCRIPT_LOAD', `${path} cannot be loaded: ${oneLine(why)}`, { status: 'FAILURE', cause: error });
}

function placeOf(path: string, error: Error): string {
  const line = new RegExp(`${path.replace(/[^\w/]/g, '\\$&')}:(\\d+)`).exec(error.stack ?? '')?.[1];
  return line === undefined ? '' : ` (line ${line})`;
}
