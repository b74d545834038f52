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
  try {
    return scriptOf(requireFile(path)) ?? broken(path);
  } catch (error) {
    if (isAsync(error)) return importScript(path);
    return broken(path, { error });
  }
}

/** Whether a module has top-level await: Node says so by a code, Bun by words. */
function isAsync(error: unknown): boolean {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ERR_REQUIRE_ASYNC_MODULE' || (error instanceof TypeError && message.startsWith('require() async module '));
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
    return scriptOf(await importFile(path)) ?? (await broken(path));
  } catch (error) {
    return broken(path, { error });
  }
}

function scriptOf(module: unknown): Script | undefined {
  for (const candidate of [module, defaultOf(module), defaultOf(defaultOf(module))]) {
    if (typeof candidate === 'function') return candidate as Script;
  }
  return undefined;
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

/** Rejects with a ScriptError that leads to the place. @param failure what was thrown; none where nothing was, but there is no function either */
async function broken(path: string, failure?: { error: unknown }): Promise<never> {
  const { failedLoad, noScript } = await import('./failed-load').catch(() => ({ failedLoad: undefined, noScript: undefined }));
  if (failedLoad) throw failure ? failedLoad(path, failure.error) : noScript(path);
  // The program's own files are gone, or this user may not read them.
  const why = failure ? String(failure.error) : 'it exports no function by default';
  throw new ScriptError('FASTAGI_SCRIPT_LOAD', `${path} cannot be loaded: ${why}`, { status: 'FAILURE' });
}
