import { isProbe } from '../agi/wire/mark';
import type { Script } from '../call/agi';
import { messageOf } from '../call/outcome';
import { CommandError, FastagiError, HangupError, UsageError } from '../ground/errors';
import { secondsOf } from '../tape/ladder';
import { checkRun } from './place-call';
import { keepTape } from './kept-tape';
import { keptText, type PlacedCall } from './placed-call';
import type { Fault, PlaceCallOptions, SimulatedRun } from './asterisk-side';
import { simulate } from './simulate';

export interface EverywhereOptions extends PlaceCallOptions {
  /** Throws if a call left behind what it must not, in the database say. */
  readonly invariant?: (call: PlacedCall) => void;
}

/** A call in which something went wrong at one command. */
export interface FaultyRun {
  /** The command. */
  readonly command: string;
  readonly call: PlacedCall;
}

/** What must not happen if something goes wrong, and did. */
export class EverywhereError extends FastagiError {
  /** The runs in which it did. */
  readonly runs: readonly FaultyRun[];
  /** A recording of the first of them, for `fastagi replay`. */
  readonly cassette: string | undefined;

  constructor(fault: Fault, bad: readonly (FaultyRun & { readonly why: string })[], cassette: string | undefined) {
    const lines = bad.map(({ command, why }) => `${command}: ${why}`);
    const count = `${bad.length} ${bad.length === 1 ? 'call' : 'calls'}`;
    super(
      'FASTAGI_TEST_EVERYWHERE',
      `"${fault}" at one command after the other: ${count} went wrong\n${lines.join('\n')}\n\nThe first of them:\n${bad[0]?.call.ladder}${keptText(cassette)}`,
    );
    this.runs = bad;
    this.cassette = cassette;
  }
}

/** What a script may let through. */
const mayThrow: Record<Fault, readonly (abstract new (...args: never[]) => unknown)[]> = {
  hangup: [HangupError],
  lost: [HangupError],
  error: [CommandError],
  silence: [],
  wrongKey: [],
  slow: [],
};

/** In ms: longer a caller must not hear nothing. What goes wrong in these leaves nobody to hear, or makes him wait by itself. */
const longestSilence = 2000;
const isWithoutSilence = new Set<Fault>(['hangup', 'lost', 'slow']);

/** In ms: so long a script may work without a command. */
const patience = 5000;

/**
 * Places a call once for each of its commands, with something going wrong there: the caller hangs up, presses nothing or another key, Asterisk
 * fails, is lost, or answers late.
 * @returns the calls
 * @throws EverywhereError if in one of them the script threw what it should not let through, did not end, left the caller in silence, or the
 * invariant did not hold. CallTestError if the call goes wrong by itself
 * @example
 * await everywhere(script, 'hangup', { keys: '1234', invariant: ({ database }) => assert.equal(database['locks/100'], undefined) });
 */
export async function everywhere(script: Script, fault: Fault, { invariant, ...options }: EverywhereOptions = {}): Promise<FaultyRun[]> {
  if (!Object.hasOwn(mayThrow, fault))
    throw new UsageError('FASTAGI_ARGUMENT_TYPE', `everywhere: argument 2 is none of ${Object.keys(mayThrow).join(', ')}`);
  const good = await simulate(script, options);
  checkRun(good, options);
  const needsKey = fault === 'silence' || fault === 'wrongKey';
  const runs: FaultyRun[] = [];
  const bad: (FaultyRun & { readonly why: string })[] = [];
  let cassette: string | undefined;
  for (const [at, { line: command, wasPressed }] of good.own.entries()) {
    if (needsKey && !wasPressed) continue;
    // It belongs to the command before it, of which Asterisk has told what it can.
    if (fault === 'error' && isProbe(command)) continue;
    // One after the other: a script may have something that there is once.
    // oxlint-disable-next-line no-await-in-loop
    const run = await simulate(script, options, { fault, at }, options.clock === 'real' ? undefined : patience);
    runs.push({ command, call: run.call });
    const why = whatIsWrong(run, fault, invariant);
    if (why === undefined) continue;
    bad.push({ command, call: run.call, why });
    if (bad.length === 1) cassette = keepTape(run.tape, options.version ?? '');
  }
  if (bad.length > 0) throw new EverywhereError(fault, bad, cassette);
  return runs;
}

function whatIsWrong({ call, problems }: SimulatedRun, fault: Fault, invariant: EverywhereOptions['invariant']): string | undefined {
  if (problems.length > 0) return problems.join('; ');
  const { error } = call;
  if (error !== undefined && !mayThrow[fault].some((type) => error instanceof type)) return `the script threw ${messageOf(error)}`;
  if (!isWithoutSilence.has(fault) && call.longestSilence > longestSilence)
    return `the caller heard nothing for ${secondsOf(call.longestSilence)}`;
  try {
    invariant?.(call);
    return undefined;
  } catch (broken) {
    return `the invariant does not hold: ${messageOf(broken)}`;
  }
}
