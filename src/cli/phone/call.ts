import { existsSync } from 'node:fs';
import type { CommandLineSettings } from '../../config/read-settings';
import { ConfigError } from '../../ground/errors';
import { visible } from '../../ground/visible';
import { ladderHead, ladderLine, type LadderStep } from '../../tape/ladder';
import { parseCallerId } from '../../testing/asterisk/functions';
import { dial } from '../../testing/dial';
import type { SimulatedRun } from '../../testing/asterisk-side';
import { wantsColours } from '../paint';
import { cassettesIn, replay } from '../replay';
import type { CommandEnd, Terminal } from '../start';
import { listenToKeys } from './keyboard';
import { targetOf, type Target } from './target';

/** A call, as the command line has it. */
export interface PhoneOptions {
  readonly keys: string | undefined;
  readonly hangUpAt: string | undefined;
  /** `"Name" <number>` */
  readonly callerId: string | undefined;
  /** `NAME=value` each, as `expected` too. */
  readonly variables: readonly string[];
  readonly args: readonly string[];
  readonly expected: readonly string[];
  /** In s. */
  readonly maxSilence: number | undefined;
}

/** `fastagi call`: plays Asterisk and the caller, and shows what happens. The status is 1 if it went otherwise than expected. */
export async function call(
  text: string,
  options: PhoneOptions,
  settings: CommandLineSettings,
  terminal: Terminal,
  say: (line: string) => void,
): Promise<CommandEnd> {
  const { keys, hangUpAt, expected, maxSilence } = options;
  // Whoever says beforehand what the caller does need not wait for it.
  const isLive = terminal.input.isTTY && keys === undefined && hangUpAt === undefined;
  const isColoured = wantsColours(terminal.output, process.env);
  const step = (one: LadderStep): void => say(coloured(one.who, visible(ladderLine(one)), isColoured));
  const given = {
    ...(keys !== undefined && { keys }),
    ...(hangUpAt !== undefined && { hangUpAt }),
    ...(options.callerId !== undefined && { callerId: parseCallerId(options.callerId) }),
    args: options.args,
    variables: Object.fromEntries(options.variables.map((one) => pairOf(one, 'var'))),
    clock: isLive ? ('real' as const) : ('virtual' as const),
  };
  const wanted = expected.map((one) => pairOf(one, 'expect'));
  const target = await targetOf(text, settings);
  say(ladderHead);
  try {
    const { side, over } = await dial(target, given, { step, isLive });
    const stop = isLive ? listenToKeys(terminal.input, side) : undefined;
    const run = await over.finally(stop);
    const end = conclusion(run, wanted, maxSilence);
    return settings.record === undefined ? end : { ...end, out: [...(end.out ?? []), await recorded(settings.record, target)] };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    return {
      status: 111,
      err: [
        `fastagi: call: ${target.host}:${target.port} cannot be reached: ${error.message}; what listens there: fastagi doctor --only listening`,
      ],
    };
  } finally {
    target.close();
  }
}

/** The recording that the program has made, which is replayed to see whether it holds all that the script depends on. */
async function recorded(directory: string, { ended }: Target): Promise<string> {
  await ended;
  const file = existsSync(directory) ? cassettesIn(directory).at(-1) : undefined;
  if (file === undefined) return `Nothing was recorded in ${directory}; the script's log says why`;
  const { status } = await replay(file, undefined, {});
  const what =
    status === 0 ? 'a replay goes the same way' : 'a replay goes another way: the script depends on something that is not on the wire';
  return `Recorded: ${file} (${what})`;
}

function conclusion(
  { call: came, problems, left }: SimulatedRun,
  wanted: readonly (readonly [string, string])[],
  most: number | undefined,
): CommandEnd {
  const { variables, longestSilence, status } = came;
  const wrong = [...problems, ...left];
  for (const [name, value] of wanted) {
    const is = variables[name];
    if (is !== value) wrong.push(`${name} is ${is === undefined ? 'not set' : JSON.stringify(is)}, not ${JSON.stringify(value)}`);
  }
  if (most !== undefined && longestSilence > 1000 * most)
    wrong.push(`the caller heard nothing for ${(longestSilence / 1000).toFixed(1)} s, longer than ${most} s`);
  const shown = Object.entries(variables).map(([name, value]) => visible(`  ${name} = ${value}`));
  const out = ['', ...(shown.length > 0 ? ['Variables:', ...shown] : []), `Longest silence: ${(longestSilence / 1000).toFixed(1)} s`];
  // Without expectations a call is as it should be if it did not fail.
  const isFailed = wrong.length > 0 || (wanted.length === 0 && status !== 'SUCCESS' && status !== 'HANGUP');
  return { status: isFailed ? 1 : 0, out: [...out, ...wrong.map((line) => `✗ ${line}`)] };
}

function pairOf(text: string, option: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new ConfigError('FASTAGI_CALL_OPTION', `call: --${option} ${text}: write NAME=value`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

const colours = { script: 36, caller: 33, asterisk: 39, note: 33 };

function coloured(who: LadderStep['who'], line: string, isColoured: boolean): string {
  return isColoured ? `\x1b[${colours[who]}m${line}\x1b[39m` : line;
}
