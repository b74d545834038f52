import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../../ground/log';
import { cleanConsole } from './console';
import type { CurrentCall, GuardedCall } from './current-call';
import { catchExit } from './exit';
import { watchUncaught } from './uncaught';

/** For a process with several calls: Node follows what each of them started. */
export function callsApart(): CurrentCall {
  const calls = new AsyncLocalStorage<GuardedCall>();
  return { get: () => calls.getStore(), run: (call, code) => calls.run(call, code) };
}

/** The same, once what they print, `process.exit` and what nobody catches belong to each of them. @param log for what belongs to no call */
export function guardedCalls(log: Log): CurrentCall {
  const current = callsApart();
  cleanConsole(() => current.get()?.log ?? log);
  catchExit(current);
  watchUncaught(current, log);
  return current;
}
