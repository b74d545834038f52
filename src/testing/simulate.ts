import type { Script } from '../call/agi';
import type { Host } from '../call/host';
import { serveCall } from '../call/serve-call';
import { noIni } from '../config/parse-ini';
import { parseSettings } from '../config/parse-settings';
import { UsageError } from '../ground/errors';
import { silent } from '../ground/log';
import { createAsterisk } from './asterisk/asterisk';
import { hurriedClock, realClock } from './asterisk/clock';
import { environmentOf } from './asterisk/environment';
import type { AsteriskOptions, CallWatcher } from './asterisk/simulated-channel';
import { actionsOf, createCallerPlayer, type Caller } from './caller';
import { memoryConnection } from './memory-connection';
import type { PlacedCall } from './placed-call';
import { createWitness } from './witness';

/** What a call is made with. */
export interface PlaceCallOptions extends Omit<AsteriskOptions, 'sounds' | 'watcher'> {
  /** Values of the request, by their names without `agi_`: `{ dnid: '200' }`. */
  readonly request?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What stands behind the `?` of the request. */
  readonly query?: string;
  /** Settings, by section and key, as phpagi.conf has them. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Keys that the caller presses, each as soon as a command listens for it. */
  readonly keys?: string;
  /** The sounds that are there, and how long each plays in ms; all are, and play for a second, unless given. */
  readonly sounds?: '*' | readonly string[] | Record<string, number>;
  /** The caller hangs up when a command comes that begins so: `GET DATA`. */
  readonly hangUpAt?: string;
  /** What the caller does, step by step. */
  readonly caller?: (caller: Caller) => void;
  /** `real` has prompts and waits take their time; else they take none. */
  readonly clock?: 'virtual' | 'real';
}

/** Something that goes wrong at one command. */
export type Fault = 'hangup' | 'silence' | 'wrongKey' | 'error' | 'lost' | 'slow';

export interface FaultAt {
  readonly fault: Fault;
  /** At which of the script's commands, from 0 on. */
  readonly at: number;
}

/** A call that was made, whether it went as its test says or not. */
export interface SimulatedRun {
  readonly call: PlacedCall;
  /** What must not be in any call, a sentence each. */
  readonly problems: readonly string[];
  /** What the caller was to do and did not. */
  readonly left: readonly string[];
  /** The script's own commands, without the report, and whether the caller pressed a key for each. */
  readonly own: readonly OwnCommand[];
}

interface OwnCommand {
  readonly line: string;
  wasPressed: boolean;
}

/**
 * Makes a call, in which something may go wrong.
 * @param patience so long a script may take in real time, in ms, before it is given up
 */
export async function simulate(script: Script, options: PlaceCallOptions, wrong?: FaultAt, patience = Infinity): Promise<SimulatedRun> {
  if (typeof script !== 'function')
    throw new UsageError('FASTAGI_ARGUMENT_TYPE', 'argument 1 is no function: give what the script exports by default');
  const { request = {}, args = [], query, keys = '', sounds = '*', config = {}, hangUpAt, caller, ...facts } = options;
  const clock = options.clock === 'real' ? realClock : hurriedClock();
  const witness = createWitness(clock, options.clock !== 'real');
  const problems: string[] = [];
  const own: OwnCommand[] = [];
  let state: 'before' | 'script' | 'report' = 'before';
  let isGone = false;
  /** What goes wrong at the command that came last. */
  let fault: Fault | undefined;

  const answer = (bytes: string): void => {
    witness.saw('asterisk', bytes);
    if (asterisk.channel.state === 6) witness.answered();
    witness.scriptIs('working');
    connection.receive(bytes);
  };

  const hangUp = (): void => {
    isGone = true;
    witness.saw('caller', 'hangs up');
    asterisk.hangUp();
  };

  const lose = (): void => {
    isGone = true;
    witness.saw('asterisk', '(the connection is lost)');
    asterisk.end();
    connection.lose();
  };

  const take = (bytes: string): void => {
    witness.scriptIs('done');
    witness.saw('script', bytes);
    fault = state === 'script' && wrong?.at === own.length ? wrong.fault : undefined;
    if (state === 'script') own.push({ line: bytes.trimEnd(), wasPressed: false });
    if (fault === 'lost') return lose();
    if (fault === 'error') return answer(outOfMemory);
    if (fault === 'slow') return void clock.after(slow, () => asterisk.feed(bytes));
    asterisk.feed(bytes);
    if (!isGone && (fault === 'hangup' || (hangUpAt !== undefined && bytes.startsWith(hangUpAt)))) hangUp();
  };

  const watcher: CallWatcher = {
    began(line, running) {
      let isUnderWay = true;
      ended = () => (isUnderWay = false);
      witness.began(running);
      player.began(running, fault);
      if (!isUnderWay || running.time !== Infinity || !player.isStuck) return;
      problems.push(`${line} waits for ever, and the caller has nothing more to do`);
      hangUp();
    },
    ended(running) {
      ended();
      witness.ended(running);
      player.ended();
    },
    missing: (file) => void problems.push(`the sound "${file}" is not there`),
  };
  let ended: () => void = () => undefined;

  const asterisk = createAsterisk(answer, { ...facts, sounds: lengthsOf(sounds), watcher }, clock);
  const actions = actionsOf((one) => {
    one.presses(keys);
    caller?.(one);
  });
  const player = createCallerPlayer(actions, clock, {
    press(key) {
      witness.saw('caller', `presses ${key}`);
      const last = own.at(-1);
      if (last && state === 'script') last.wasPressed = true;
      asterisk.press(key);
    },
    hangUp,
  });
  const { name, number } = asterisk.channel.callerId;
  const environment = environmentOf({
    script: `script${query === undefined ? '' : `?${query}`}`,
    args,
    ...(facts.version !== undefined && { version: facts.version }),
    values: { callerid: number || 'unknown', calleridname: name || 'unknown', channel: asterisk.channel.name, uniqueid: asterisk.channel.uniqueId, ...request },
  }); // prettier-ignore
  const connection = memoryConnection(environment, take, () => {
    witness.over();
    asterisk.end();
  });

  const watched: Script = async (fastagi) => {
    state = 'script';
    await script(fastagi);
  };
  const kind = { network: true, nameOf: () => 'script', locate: () => nowhere };
  const host = hostOf(watched, config, () => (state = 'report'));
  const served = serveCall({ kind, host, connection, begun: Date.now(), afterwards: [] });
  const outcome = await inTime(served, patience);
  if (!outcome) {
    problems.push(`the script did not end within ${patience / 1000} s`);
    lose();
  }
  const { status, error } = outcome ?? { status: 'FAILURE', error: undefined };
  const { channel, commands } = asterisk;
  const call: PlacedCall = {
    status,
    error,
    commands,
    variables: Object.fromEntries(channel.variables),
    database: Object.fromEntries(channel.database),
    heard: witness.heard,
    console: channel.console,
    goesOnAt: channel.goesOnAt,
    longestSilence: witness.longestSilence(),
    ladder: witness.ladder(),
  };
  const left = isGone ? [] : player.left();
  if (!isGone && hangUpAt !== undefined) left.push(`the caller was to hang up at ${hangUpAt}, which never came`);
  return { call, problems, left, own };
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

/** In ms: so late an answer comes that is slow. */
const slow = 10_000;
const outOfMemory = '503 Memory allocation failure\n';

/** The place of a call that has only its script. */
function hostOf(script: Script, config: NonNullable<PlaceCallOptions['config']>, over: () => void): Host {
  const noManager = (): Promise<never> =>
    Promise.reject(new UsageError('FASTAGI_TEST_MANAGER', 'manager: there is none in a test; give the script what it needs'));
  return {
    settings: parseSettings({ ...noIni, sections: structuredClone(config) }),
    settingsError: undefined,
    log: () => silent,
    admit: async () => 'here',
    // The report comes when the script is over, however it ended.
    load: () => (fastagi) => Promise.resolve(script(fastagi)).finally(over),
    contain: (_call, run) => run(),
    manager: () => ({ open: noManager, close: () => Promise.resolve() }),
  };
}

const nowhere = { path: '/script.js', name: 'script', uid: 0, gid: 0, isProgram: false };

const usualLength = 1000;

function lengthsOf(sounds: NonNullable<PlaceCallOptions['sounds']>): '*' | Record<string, number> {
  return Array.isArray(sounds) ? Object.fromEntries(sounds.map((name) => [name, usualLength])) : (sounds as '*' | Record<string, number>);
}
