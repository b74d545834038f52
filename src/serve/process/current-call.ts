import type { Log } from '../../ground/log';
import type { ValueSource } from '../../tape/values';

/** What a process has to know of a call that runs in it. */
export interface GuardedCall {
  readonly log: Log;
  /** Its script's, as the request has it. */
  readonly name: string;
  /** What stands in each of its lines. */
  readonly label: string;
  /** What gives its script the time, and what is otherwise by chance, while it is recorded. */
  readonly values?: ValueSource | undefined;
  /** Ends the call's script with this error. @returns whether it was not over yet */
  breakWith(error: unknown): boolean;
}

/** Whose code runs at this moment. */
export interface CurrentCall {
  /** Undefined outside every call. */
  get(): GuardedCall | undefined;
  /** Those that are not over. */
  readonly running: Iterable<GuardedCall>;
  /** Whose code an error comes from that nobody caught. */
  of(error: unknown): GuardedCall | undefined;
  /** Whatever the code that is started here does, now or later, is this call's. */
  run<T>(call: GuardedCall, code: () => T): T;
}

/** For a process with one call: from its beginning on everything is its own. */
export function oneCall(): CurrentCall {
  let current: GuardedCall | undefined;
  return {
    get: () => current,
    of: () => current,
    get running() {
      return current ? [current] : [];
    },
    run(call, code) {
      current = call;
      return code();
    },
  };
}
