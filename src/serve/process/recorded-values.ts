import type { CurrentCall, GuardedCall } from './current-call';

let isWatched = false;

/** Runs what belongs to a call; while it is recorded, with its own time and chance. */
export function runIn<T>(current: CurrentCall, call: GuardedCall, run: () => Promise<T>): Promise<T> {
  const serve = (): Promise<T> => current.run(call, run);
  return call.values ? recordValues(current).then(serve) : serve();
}

/** From now on the time, and what is otherwise by chance, come from the call whose code asks, while it is recorded. */
async function recordValues(current: CurrentCall): Promise<void> {
  if (isWatched) return;
  isWatched = true;
  const { patchValues } = await import('../../tape/values');
  patchValues(() => current.get()?.values);
}
