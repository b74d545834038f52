import { ScriptError } from '../ground/errors';
import { extensionOf } from './extension';

/** What a script's module exports by default. */
export type Script = (agi: unknown) => unknown;

/**
 * Loads a script as whoever this process is now. Synchronous wherever Node's require can do it, which is several ms
 * faster. Throws ScriptError, or rejects with it.
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
    return broken(path, error);
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
    return broken(path, error);
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

function checkLanguage(path: string): void {
  if (!extensionOf(path).endsWith('ts') || process.features.typescript) return;
  throw new ScriptError(
    'FASTAGI_SCRIPT_TYPESCRIPT',
    `${path} is TypeScript, which Node ${process.version} does not run by itself; Node 22.18, 24 and later do: update Node or compile the script`,
    { status: 'FAILURE' },
  );
}

/** Rejects with a ScriptError that leads to the place. */
async function broken(path: string, error: unknown): Promise<never> {
  const { failedLoad } = await import('./failed-load').catch(() => ({ failedLoad: undefined }));
  if (failedLoad) throw failedLoad(path, error);
  // The program's own files are gone, or this user may not read them.
  throw new ScriptError('FASTAGI_SCRIPT_LOAD', `${path} cannot be loaded: ${String(error)}`, { status: 'FAILURE', cause: error });
}
