import type { Script } from '../call/agi';
import type { Host } from '../call/host';
import type { Outcome } from '../call/outcome';
import { serveCall } from '../call/serve-call';
import { noIni } from '../config/parse-ini';
import { parseSettings } from '../config/parse-settings';
import { UsageError } from '../ground/errors';
import { silent } from '../ground/log';
import { ladderText, type LadderStep } from '../tape/ladder';
import { createAsterisk } from './asterisk/asterisk';
import { hurriedClock, realClock } from './asterisk/clock';
import { environmentOf } from './asterisk/environment';
import type { Running } from './asterisk/running';
import type { AsteriskOptions } from './asterisk/simulated-channel';
import { actionsOf, createCallerPlayer, type Caller } from './caller';
import { memoryConnection } from './memory-connection';
import { CallTestError, type PlacedCall } from './placed-call';
import { createSilenceWatch } from './silence';

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

/**
 * Places a call to a script, with a strict Asterisk at the other end; no network, no Asterisk and no time are needed.
 * @throws CallTestError if a key was not wanted, a prompt was never heard or is not there, or a command waits for ever
 * @example
 * const call = await placeCall(script, { keys: '1234#', variables: { LIMIT: '3' } });
 * assert.equal(call.variables.RESULT, 'ok');
 */
export async function placeCall(script: Script, options: PlaceCallOptions = {}): Promise<PlacedCall> {
  if (typeof script !== 'function')
    throw new UsageError('FASTAGI_ARGUMENT_TYPE', 'placeCall: argument 1 is no function: give what the script exports by default');
  const { request = {}, args = [], query, keys = '', sounds = '*', config = {}, hangUpAt, caller, ...facts } = options;
  const clock = options.clock === 'real' ? realClock : hurriedClock();
  const begun = clock.now();
  const steps: LadderStep[] = [];
  const heard: string[] = [];
  const problems: string[] = [];
  const silence = createSilenceWatch();
  // A virtual time stands still while the script works.
  let worked = 0;
  let idleSince = performance.now();
  let current: { readonly line: string; readonly at: number } | undefined;
  let hasHungUp = false;

  const time = (): number => clock.now() - begun + (options.clock === 'real' ? 0 : worked);
  const note = (who: LadderStep['who'], text: string): void => void steps.push({ at: time(), who, text });

  const watcher = {
    began(line: string, running: Running): void {
      current = { line, at: time() };
      heard.push(...(running.heard ?? []));
      if ((running.sound ?? 0) > 0 || running.listens || running.records) silence.began(time());
      player.began(running);
      if (current?.line !== line || running.time !== Infinity || !player.isStuck) return;
      problems.push(`${line} waits for ever, and the caller has nothing more to do`);
      asterisk.hangUp();
    },
    ended(running: Running): void {
      const now = time();
      const soundEnd = Math.min(now, (current?.at ?? now) + (running.sound ?? 0));
      if (running.listens || running.records) silence.ended(now);
      else if ((running.sound ?? 0) > 0) silence.ended(soundEnd);
      current = undefined;
      player.ended();
    },
    missing: (file: string) => void problems.push(`the sound "${file}" is not there`),
  };

  const asterisk = createAsterisk(
    (bytes) => {
      for (const line of bytes.trimEnd().split('\n')) note('asterisk', line);
      if (asterisk.channel.state === 6) silence.answered(time());
      idleSince = performance.now();
      connection.receive(bytes);
    },
    { ...facts, sounds: lengthsOf(sounds), watcher },
    clock,
  );
  const player = createCallerPlayer(
    actionsOf((one) => {
      one.presses(keys);
      caller?.(one);
    }),
    asterisk,
    clock,
    (what) => {
      note('caller', what);
      hasHungUp ||= what === 'hangs up';
    },
  );
  const { name, number } = asterisk.channel.callerId;
  const environment = environmentOf({
    script: `script${query === undefined ? '' : `?${query}`}`,
    args,
    ...(facts.version !== undefined && { version: facts.version }),
    values: { callerid: number || 'unknown', calleridname: name || 'unknown', channel: asterisk.channel.name, uniqueid: asterisk.channel.uniqueId, ...request },
  }); // prettier-ignore
  const connection = memoryConnection(
    environment,
    (bytes) => {
      if (!current) worked += performance.now() - idleSince;
      for (const line of bytes.trimEnd().split('\n')) note('script', line);
      const isThere = hangUpAt !== undefined && !hasHungUp && bytes.startsWith(hangUpAt);
      asterisk.feed(bytes);
      if (!isThere) return;
      hasHungUp = true;
      note('caller', 'hangs up');
      asterisk.hangUp();
    },
    () => {
      silence.began(time());
      asterisk.end();
    },
  );

  const kind = { network: true, nameOf: () => 'script', locate: () => nowhere };
  const outcome = await serveCall({ kind, host: hostOf(script, config), connection, begun: Date.now(), afterwards: [] });
  // The request is whole, and no other process is there to have the call.
  const { status, error } = outcome as Outcome;
  const call: PlacedCall = {
    status,
    error,
    commands: asterisk.commands,
    variables: Object.fromEntries(asterisk.channel.variables),
    database: Object.fromEntries(asterisk.channel.database),
    heard,
    console: asterisk.channel.console,
    goesOnAt: asterisk.channel.goesOnAt,
    longestSilence: Math.max(0, ...silence.all().map(({ from, to }) => to - from)),
    ladder: ladderText(steps, silence.all()),
  };
  if (!hasHungUp) problems.push(...player.left());
  if (hangUpAt !== undefined && !hasHungUp) problems.push(`the caller was to hang up at ${hangUpAt}, which never came`);
  if (problems.length > 0) throw new CallTestError(problems, call);
  return call;
}

/** The place of a call that has only its script. */
function hostOf(script: Script, config: NonNullable<PlaceCallOptions['config']>): Host {
  const noManager = (): Promise<never> =>
    Promise.reject(new UsageError('FASTAGI_TEST_MANAGER', 'manager: there is none in a test; give the script what it needs'));
  return {
    settings: parseSettings({ ...noIni, sections: structuredClone(config) }),
    settingsError: undefined,
    log: () => silent,
    admit: async () => 'here',
    load: () => script,
    contain: (_call, run) => run(),
    manager: () => ({ open: noManager, close: () => Promise.resolve() }),
  };
}

const nowhere = { path: '/script.js', name: 'script', uid: 0, gid: 0, isProgram: false };

const usualLength = 1000;

function lengthsOf(sounds: NonNullable<PlaceCallOptions['sounds']>): '*' | Record<string, number> {
  return Array.isArray(sounds) ? Object.fromEntries(sounds.map((name) => [name, usualLength])) : (sounds as '*' | Record<string, number>);
}
