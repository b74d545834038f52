import { existsSync } from 'node:fs';
import type { CommandLineSettings } from '../../config/read-settings';
import { visible } from '../../ground/visible';
import { ladderHead, ladderLine, type LadderStep } from '../../tape/ladder';
import { parseCallerId } from '../../testing/asterisk/functions';
import { dial } from '../../testing/dial';
import { namedFacts, parseScenario, type Scenario } from '../../testing/scenario';
import { wantsColours } from '../paint';
import { cassettesIn, replay } from '../replay';
import type { CommandEnd, Terminal } from '../start';
import { listenToKeys } from './keyboard';
import { factOf, secondsOf, wrongsOf, type Expectations } from './judge';
import { playReal } from './real-call';
import { endOf, playAll, playSimulated, readScenarios, type ResultForm } from './scenarios';
import { targetOf, type Target } from './target';

/** A call, as the command line has it. */
export interface PhoneOptions extends ResultForm {
  readonly keys: string | undefined;
  readonly hangUpAt: string | undefined;
  /** `"Name" <number>` */
  readonly callerId: string | undefined;
  /** `NAME=value` each, as `expected` too. */
  readonly variables: readonly string[];
  readonly args: readonly string[];
  readonly expected: readonly string[];
  /** Whether Asterisk itself makes the call. */
  readonly isReal: boolean;
  /** Files with scenarios, or directories of them. */
  readonly scenarios: readonly string[];
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
  const { keys, hangUpAt, expected, maxSilence, scenarios } = options;
  // Whoever says beforehand what the caller does need not wait for it.
  const isLive = terminal.input.isTTY && keys === undefined && hangUpAt === undefined;
  const isColoured = wantsColours(terminal.output, process.env);
  const step = (one: LadderStep): void => say(coloured(one.who, visible(ladderLine(one)), isColoured));
  const given = {
    ...(keys !== undefined && { keys }),
    ...(hangUpAt !== undefined && { hangUpAt }),
    ...(options.callerId !== undefined && { callerId: parseCallerId(options.callerId) }),
    args: options.args,
    variables: namedFacts(options.variables.map((one) => factOf(one, 'var')), 'variable'), // prettier-ignore
    clock: isLive ? ('real' as const) : ('virtual' as const),
  };
  const expectations = { facts: expected.map((one) => factOf(one, 'expect')), maxSilence };
  try {
    const play = (scenario: Scenario, told?: typeof step) =>
      options.isReal ? playReal(text, scenario, given, settings, told) : playSimulated(text, scenario, given, settings);
    if (scenarios.length > 0)
      return endOf(await playAll(readScenarios(scenarios), expectations, (scenario) => play(scenario)), text, options);
    if (options.isReal) {
      say(ladderHead);
      return conclusion(await play(parseScenario(keys === undefined ? '' : `presses ${keys}`), step), expectations);
    }
    const target = await targetOf(text, settings);
    say(ladderHead);
    const { side, over } = await dial(target, given, { step, isLive }).finally(target.close);
    const stop = isLive ? listenToKeys(terminal.input, side) : undefined;
    const end = conclusion(await over.finally(stop), expectations);
    return settings.record === undefined ? end : { ...end, out: [...(end.out ?? []), await recorded(settings.record, target)] };
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    return {
      status: 111,
      err: [`fastagi: call: ${text} cannot be reached: ${error.message}; what listens there: fastagi doctor --only listening`],
    };
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

function conclusion(run: Parameters<typeof wrongsOf>[0], expectations: Expectations): CommandEnd {
  const { variables, longestSilence } = run.call;
  const wrong = wrongsOf(run, expectations);
  const shown = Object.entries(variables).map(([name, value]) => visible(`  ${name} = ${value}`));
  const out = ['', ...(shown.length > 0 ? ['Variables:', ...shown] : []), `Longest silence: ${secondsOf(longestSilence)}`];
  return { status: wrong.length > 0 ? 1 : 0, out: [...out, ...wrong.map((line) => `✗ ${line}`)] };
}

const colours = { script: 36, caller: 33, asterisk: 39, note: 33 };

function coloured(who: LadderStep['who'], line: string, isColoured: boolean): string {
  return isColoured ? `\x1b[${colours[who]}m${line}\x1b[39m` : line;
}
