import type { CurrentCall } from './current-call';

let isWatched = false;

/** From now on the time, and what is otherwise by chance, come from the call whose code asks, while it is recorded. */
export async function recordValues(current: CurrentCall): Promise<void> {
  if (isWatched) return;
  isWatched = true;
  const { patchValues } = await import('../../tape/values');
  patchValues(() => current.get()?.values);
}
