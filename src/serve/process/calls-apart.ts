import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../../ground/log';
import type { cleanConsole } from './console';
import type { CurrentCall, GuardedCall } from './current-call';
import { catchExit } from './exit';
import { watchUncaught } from './uncaught';

/** For a process with several calls: Node follows what each of them started. */
export function callsApart(): CurrentCall {
  const calls = new AsyncLocalStorage<GuardedCall>();
  const running = new Set<GuardedCall>();
  /** Bun does not say whose a rejection is: it is a call's if no other one runs a script that its stack names. */
  const suspect = (error: unknown): GuardedCall | undefined => {
    const { stack } = error instanceof Error ? error : {};
    const suspects = [...running].filter(({ name }) => stack?.includes(`/${name}`));
    return suspects.length === 1 ? suspects[0] : undefined;
  };
  return {
    get: () => calls.getStore(),
    running,
    of: (error) => calls.getStore() ?? suspect(error),
    run(call, code) {
      running.add(call);
      const done = calls.run(call, code);
      const end = (): unknown => running.delete(call);
      void Promise.resolve(done).then(end, end);
      return done;
    },
  };
}

/** The same, once what they print, `process.exit` and what nobody catches belong to each of them. @param log for what belongs to no call @param clean makes the console write to a log */
export function guardedCalls(log: Log, clean: typeof cleanConsole): CurrentCall {
  const current = callsApart();
  clean(() => current.get()?.log ?? log);
  catchExit(current);
  watchUncaught(current, log);
  return current;
}
