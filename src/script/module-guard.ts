import { ScriptError } from '../ground/errors';
import { distrust } from '../ground/trust';

interface Hooks {
  registerHooks?(hooks: { load(url: string, context: unknown, next: (url: string, context: unknown) => unknown): unknown }): unknown;
}

/** Whether this Node lets us see each module before it is loaded, whoever asks for it. */
export function canGuardModules(): boolean {
  return (process.getBuiltinModule('node:module') as Hooks).registerHooks !== undefined;
}

/** From now on no module is loaded that others than root could have written: for a script that runs as root. */
export function guardModules(): void {
  const { fileURLToPath } = process.getBuiltinModule('node:url');
  const { realpathSync } = process.getBuiltinModule('node:fs');
  (process.getBuiltinModule('node:module') as Hooks).registerHooks?.({
    load(url, context, next) {
      if (url.startsWith('file:')) checkModule(realpathSync(fileURLToPath(url)));
      return next(url, context);
    },
  });
}

function checkModule(path: string): void {
  const found = distrust(path, 0);
  if (!found) return;
  const message = `root's script may not load ${path}: ${found.why}; ${found.remedy}`;
  throw new ScriptError('FASTAGI_SCRIPT_UNTRUSTED', message, { status: 'FORBIDDEN' });
}
