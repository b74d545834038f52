import { ScriptExit } from '../../ground/script-exit';
import type { CurrentCall } from './current-call';

/**
 * Makes `process.exit` end the script that calls it, not the process.
 * @returns what takes that back
 */
export function catchExit(current: CurrentCall): () => void {
  const exit = process.exit;
  process.exit = (code) => {
    const call = current.get();
    if (!call) return exit(code);
    const thrown = new ScriptExit(Number(code ?? process.exitCode ?? 0) || 0);
    call.breakWith(thrown);
    throw thrown;
  };
  return () => {
    process.exit = exit;
  };
}
