/** Thrown where a script calls `process.exit`: what stands behind that must not run, and the call is still to be reported. */
export class ScriptExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the script called process.exit(${status})`);
    this.name = 'ScriptExit';
    this.status = status;
  }
}

/**
 * Makes `process.exit` end the script, not the process.
 * @returns what takes that back
 */
export function catchExit(breakWith: (error: unknown) => void): () => void {
  const exit = process.exit;
  process.exit = (code) => {
    const thrown = new ScriptExit(Number(code ?? process.exitCode ?? 0) || 0);
    breakWith(thrown);
    throw thrown;
  };
  return () => {
    process.exit = exit;
  };
}
