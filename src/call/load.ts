import { ScriptError } from '../ground/errors';
import type { LocatedScript } from '../script/locate';
import type { Run } from './run';
import { runScript } from './run-script';

/** Gives what runs a script: a module, or a program in another language. Throws ScriptError. */
export async function load(run: Run, script: LocatedScript): Promise<() => Promise<void>> {
  if (script.isProgram) return loadProgram(run, script);
  const module = run.call.host.load(script);
  const code = module instanceof Promise ? await module : module;
  return () => runScript(code, run);
}

async function loadProgram(run: Run, { path, name }: LocatedScript): Promise<() => Promise<void>> {
  const { kind, host } = run.call;
  if (!kind.network || !host.settings.fastagi.foreign) {
    const why = kind.network
      ? '[fastagi] foreign is false'
      : kind.overManager
        ? 'only AGI(agi://...) runs programs in other languages'
        : 'Asterisk can start it by itself';
    throw new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${name} is refused: it is no JavaScript, and ${why}`, { status: 'FORBIDDEN' });
  }
  const { runProgram } = await import('./run-program');
  return () => runProgram(path, run);
}
