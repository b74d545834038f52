import { FastagiError } from '../ground/errors';
import { ScriptExit } from '../ground/script-exit';
import type { Ending } from './ending';
import { outcomeOf, success, type Outcome } from './outcome';

/** Loads and runs a script: whatever that comes to. @param load gives what runs it */
export async function attempt(ending: Ending, load: () => Promise<() => Promise<void>>): Promise<Outcome> {
  let isLoaded = false;
  try {
    const run = await load();
    isLoaded = true;
    await run();
    return success;
  } catch (error) {
    const isForeseen = isLoaded || error instanceof FastagiError || error instanceof ScriptExit;
    return isForeseen ? outcomeOf(error) : { ...outcomeOf(error), isDefect: true };
  } finally {
    ending.stop();
  }
}
