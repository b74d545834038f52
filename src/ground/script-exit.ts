/** Thrown where a script calls `process.exit`: what stands behind that must not run, and the call is still to be reported. */
export class ScriptExit extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the script called process.exit(${status})`);
    this.name = 'ScriptExit';
    this.status = status;
  }
}
