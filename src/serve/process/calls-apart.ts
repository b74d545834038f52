import { AsyncLocalStorage } from 'node:async_hooks';
import type { CurrentCall, GuardedCall } from './current-call';

/** For a process with several calls: Node follows what each of them started. */
export function callsApart(): CurrentCall {
  const calls = new AsyncLocalStorage<GuardedCall>();
  return { get: () => calls.getStore(), run: (call, code) => calls.run(call, code) };
}
