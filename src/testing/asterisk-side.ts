import type { CallStatus } from '../ground/errors';
import type { LadderStep } from '../tape/ladder';
import type { Silence } from '../tape/silence';
import { createAsterisk } from './asterisk/asterisk';
import { hurriedClock, realClock } from './asterisk/clock';
import { environmentOf } from './asterisk/environment';
import { usualLength } from './asterisk/functions';
import type { AsteriskOptions, CallWatcher } from './asterisk/simulated-channel';
import { changesOf } from './changes';
import { actionsOf, createCallerPlayer, type Caller } from './caller';
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
  readonly sounds?: '*' | readonly string[] | Record<string, number> | ((file: string) => number | undefined);
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

/** Asterisk's side of a call, and the caller's. */
export interface AsteriskSide {
  /** What Asterisk sends first. */
  readonly environment: string;
  /** Bytes of the script have come. */
  take(bytes: string): void;
  /** The script's own commands come from now on; or those that report what it came to. */
  scriptIs(what: 'running' | 'over'): void;
  /** The connection is closed. */
  over(): void;
  press(key: string): void;
  hangUp(): void;
  /** Asterisk is gone. */
  lose(): void;
  problem(text: string): void;
  /** Something that is to be seen in the ladder. */
  note(text: string): void;
  /** In ms since the call began. */
  time(): number;
  readonly variables: ReadonlyMap<string, string>;
  run(outcome: { readonly status: CallStatus; readonly error: unknown }): SimulatedRun;
}

/** Where a side's bytes go, and who sees what happens. */
export interface Way {
  /** What is asked for: `menu`, and perhaps a query. */
  readonly script: string;
  /** Bytes go to the script. */
  send(bytes: string): void;
  /** The connection ends. */
  end(): void;
  step?(step: LadderStep): void;
  /** Whether somebody presses keys whom nobody knows: then nothing waits for ever. */
  readonly isLive?: boolean;
}

/** A call that was made, whether it went as its test says or not. */
export interface SimulatedRun {
  readonly call: PlacedCall;
  readonly steps: readonly LadderStep[];
  readonly silences: readonly Silence[];
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

/** @param wrong what is to go wrong */
export function createAsteriskSide(options: PlaceCallOptions, way: Way, wrong?: FaultAt): AsteriskSide {
  const { request = {}, args = [], query, keys = '', sounds = '*', hangUpAt, caller, config: _config, ...facts } = options;
  const paced = options.clock === 'real' ? undefined : hurriedClock();
  paced?.scriptIs('working');
  const clock = paced ?? realClock;
  const witness = createWitness(clock, way.step);
  const problems: string[] = [];
  const own: OwnCommand[] = [];
  let state: 'before' | 'running' | 'over' = 'before';
  let isGone = false;
  let changes: () => string[] = () => [];
  /** What goes wrong at the command that came last. */
  let fault: Fault | undefined;

  const answer = (bytes: string): void => {
    witness.saw('asterisk', bytes);
    for (const change of changes()) witness.saw('note', change);
    if (asterisk.channel.state === 6) witness.answered();
    paced?.scriptIs('working');
    way.send(bytes);
  };

  const problem = (text: string): void => {
    problems.push(text);
    witness.saw('note', `✗ ${text}`);
  };

  const hangUp = (): void => {
    if (isGone) return;
    isGone = true;
    witness.saw('caller', 'hangs up');
    asterisk.hangUp();
  };

  const lose = (): void => {
    isGone = true;
    witness.saw('asterisk', '(the connection is lost)');
    asterisk.end();
    way.end();
  };

  const press = (key: string): void => {
    witness.saw('caller', `presses ${key}`);
    const last = own.at(-1);
    if (last && state === 'running') last.wasPressed = true;
    asterisk.press(key);
  };

  const take = (bytes: string): void => {
    paced?.scriptIs('waiting');
    witness.saw('script', bytes);
    fault = state === 'running' && wrong?.at === own.length ? wrong.fault : undefined;
    if (state === 'running') own.push({ line: bytes.trimEnd(), wasPressed: false });
    if (fault === 'lost') return lose();
    if (fault === 'error') return answer(outOfMemory);
    if (fault === 'slow') return void clock.after(slow, () => asterisk.feed(bytes));
    asterisk.feed(bytes);
    if (fault === 'hangup' || (hangUpAt !== undefined && bytes.startsWith(hangUpAt))) hangUp();
  };

  let ended: () => void = () => undefined;
  const watcher: CallWatcher = {
    began(line, running) {
      paced?.scriptIs('waiting');
      let isUnderWay = true;
      ended = () => (isUnderWay = false);
      witness.began(running);
      player.began(running, fault);
      if (way.isLive || !isUnderWay || running.time !== Infinity || !player.isStuck) return;
      problem(`${line} waits for ever, and the caller has nothing more to do`);
      hangUp();
    },
    ended(running) {
      ended();
      witness.ended(running);
      player.ended();
    },
    missing: (file) => problem(`the sound "${file}" is not there`),
  };

  const asterisk = createAsterisk(answer, { ...facts, sounds: lengthsOf(sounds), watcher }, clock);
  const actions = actionsOf((one) => {
    one.presses(keys);
    caller?.(one);
  });
  const player = createCallerPlayer(actions, clock, { press, hangUp });
  const { channel, commands } = asterisk;
  changes = changesOf(channel);
  const { name, number } = channel.callerId;
  return {
    environment: environmentOf({
      script: `${way.script}${query === undefined ? '' : `?${query}`}`,
      args,
      ...(facts.version !== undefined && { version: facts.version }),
      values: { callerid: number || 'unknown', calleridname: name || 'unknown', channel: channel.name, uniqueid: channel.uniqueId, ...request },
    }), // prettier-ignore
    take,
    scriptIs: (what) => void (state = what),
    over() {
      paced?.scriptIs('waiting');
      witness.over();
      asterisk.end();
    },
    press,
    hangUp,
    lose,
    problem,
    note: (text) => witness.saw('note', text),
    time: witness.time,
    variables: channel.variables,
    run({ status, error }) {
      const left = isGone ? [] : player.left();
      if (!isGone && hangUpAt !== undefined) left.push(`the caller was to hang up at ${hangUpAt}, which never came`);
      for (const text of left) witness.saw('note', `✗ ${text}`);
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
      return { call, problems, left, own, steps: witness.steps, silences: witness.silences };
    },
  };
}

/** In ms: so late an answer comes that is slow. */
const slow = 10_000;
const outOfMemory = '503 Memory allocation failure\n';

function lengthsOf(sounds: NonNullable<PlaceCallOptions['sounds']>): NonNullable<AsteriskOptions['sounds']> {
  return Array.isArray(sounds)
    ? Object.fromEntries(sounds.map((name) => [name, usualLength]))
    : (sounds as NonNullable<AsteriskOptions['sounds']>);
}
