import type { Script } from '../call/agi';
import { serveCall } from '../call/serve-call';
import { noIni } from '../config/parse-ini';
import { parseSettings } from '../config/parse-settings';
import { secretValues } from '../config/secrets';
import { messageOf } from '../call/outcome';
import { tapped } from '../call/tapped';
import { UsageError } from '../ground/errors';
import { packageDirectory } from '../ground/package-directory';
import { createSecrets } from '../ground/secrets';
import type { CassetteEntry } from '../tape/cassette-text';
import { createScribe } from '../tape/scribe';
import { createAsteriskSide, type FaultAt, type PlaceCallOptions, type SimulatedRun } from './asterisk-side';
import { memoryConnection } from './memory-connection';
import { hostOf, kindOf } from './own-host';

/** A call that was made to a function, and its wire. */
export interface TapedRun extends SimulatedRun {
  readonly tape: readonly CassetteEntry[];
}

/**
 * Makes a call to a function, in which something may go wrong.
 * @param patience so long a script may take in real time, in ms, before it is given up
 */
export async function simulate(script: Script, options: PlaceCallOptions, wrong?: FaultAt, patience = Infinity): Promise<TapedRun> {
  if (typeof script !== 'function')
    throw new UsageError('FASTAGI_ARGUMENT_TYPE', 'what is to be called is no function: give what the script exports by default');
  const way = { script: 'script', send: (bytes: string) => connection.receive(bytes), end: () => connection.lose() };
  const side = createAsteriskSide(options, way, wrong);
  const connection = memoryConnection(side.environment, side.take, side.over);
  const settings = parseSettings({ ...noIni, sections: structuredClone(options.config ?? {}) });
  const secrets = createSecrets(() => secretValues(settings));
  const tape: CassetteEntry[] = [];
  const scribe = createScribe(secrets, side.time, (entry) => tape.push(entry));
  scribe.passed({ direction: '<', bytes: side.environment, isSecret: false });
  const watched: Script = async (fastagi) => {
    side.scriptIs('running');
    // The report comes when the script is over, however it ended.
    try {
      await script(fastagi);
    } catch (error) {
      side.note(`the script threw ${messageOf(error)}${placeIn(error)}`);
      throw error;
    } finally {
      side.scriptIs('over');
    }
  };
  const host = hostOf(() => watched, settings, () => secrets); // prettier-ignore
  const outcome = await inTime(
    serveCall({ kind: kindOf('script'), host, connection: tapped(connection, [scribe]), begun: Date.now(), afterwards: [] }),
    patience,
  );
  if (!outcome) {
    side.problem(`the script did not end within ${patience / 1000} s`);
    side.lose();
  }
  const run = side.run(outcome ?? { status: 'FAILURE', error: undefined });
  scribe.end();
  return { ...run, tape };
}

/** The first place of the user's own that an error came through. */
function placeIn(error: unknown): string {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line)) : []; // prettier-ignore
  const own = frames.find((frame) => !['node:', '/node_modules/', packageDirectory + '/'].some((foreign) => frame.includes(foreign)));
  return own === undefined ? '' : ` ${own.trim()}`;
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
