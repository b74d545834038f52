import type { Script } from '../call/agi';
import { serveCall } from '../call/serve-call';
import { noIni } from '../config/parse-ini';
import { parseSettings } from '../config/parse-settings';
import { UsageError } from '../ground/errors';
import { createAsteriskSide, type FaultAt, type PlaceCallOptions, type SimulatedRun } from './asterisk-side';
import { memoryConnection } from './memory-connection';
import { hostOf, kindOf } from './own-host';

/**
 * Makes a call to a function, in which something may go wrong.
 * @param patience so long a script may take in real time, in ms, before it is given up
 */
export async function simulate(script: Script, options: PlaceCallOptions, wrong?: FaultAt, patience = Infinity): Promise<SimulatedRun> {
  if (typeof script !== 'function')
    throw new UsageError('FASTAGI_ARGUMENT_TYPE', 'what is to be called is no function: give what the script exports by default');
  const way = { script: 'script', send: (bytes: string) => connection.receive(bytes), end: () => connection.lose() };
  const side = createAsteriskSide(options, way, wrong);
  const connection = memoryConnection(side.environment, side.take, side.over);
  const watched: Script = async (fastagi) => {
    side.scriptIs('running');
    // The report comes when the script is over, however it ended.
    await Promise.resolve(script(fastagi)).finally(() => side.scriptIs('over'));
  };
  const host = hostOf(() => watched, parseSettings({ ...noIni, sections: structuredClone(options.config ?? {}) }));
  const outcome = await inTime(serveCall({ kind: kindOf('script'), host, connection, begun: Date.now(), afterwards: [] }), patience);
  if (!outcome) {
    side.problem(`the script did not end within ${patience / 1000} s`);
    side.lose();
  }
  return side.run(outcome ?? { status: 'FAILURE', error: undefined });
}

/** Undefined if it takes longer, in ms. */
async function inTime<T>(promise: Promise<T>, patience: number): Promise<T | undefined> {
  if (patience === Infinity) return promise;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
