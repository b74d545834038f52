import type { CommandLineSettings } from '../../config/read-settings';
import { visible } from '../../ground/visible';
import { ladderHead, ladderLine, secondsOf, type LadderStep } from '../../tape/ladder';
import { parseCallerId } from '../../testing/asterisk/functions';
import type { PlaceCallOptions } from '../../testing/asterisk-side';
import { dial } from '../../testing/dial';
import { namedFacts, parseScenario, type Scenario } from '../../testing/scenario';
import { wantsColours } from '../paint';
import type { CommandEnd, Terminal } from '../start';
import { asteriskPaths } from '../setup/asterisk-paths';
import { listenToKeys } from './keyboard';
import { createLoudspeaker } from './loudspeaker';
import { factOf, wrongsOf, type Expectations } from './judge';
import { playReal } from './real-call';
import { endOf, playAll, playSimulated, readScenarios, type ResultForm } from './scenarios';
import { writeCast, writePage } from './pictures';
import { withRecording, type Made } from './recorded';
import { targetOf } from './target';

/** A call, as the command line has it. */
export interface PhoneOptions extends ResultForm {
  /** Files for the call as a page, and as a terminal would have shown it. */
  readonly html: string | undefined;
  readonly cast: string | undefined;
  /** Whether prompts are played, too. */
  readonly isLoud: boolean;
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

/** Where a call is typed, and shown. */
interface Screen {
  readonly terminal: Terminal;
  /** Prints a line at once. */
  say(line: string): void;
}

/** `fastagi call`: plays Asterisk and the caller, and shows what happens. The status is 1 if it went otherwise than expected. */
export async function call(text: string, options: PhoneOptions, settings: CommandLineSettings, screen: Screen): Promise<CommandEnd> {
  const { keys, hangUpAt, expected, maxSilence, scenarios, isReal } = options;
  const expectations = { facts: expected.map((one) => factOf(one, 'expect')), maxSilence };
  const given: PlaceCallOptions = {
    ...(keys !== undefined && { keys }),
    ...(hangUpAt !== undefined && { hangUpAt }),
    ...(options.callerId !== undefined && { callerId: parseCallerId(options.callerId) }),
    args: options.args,
    variables: namedFacts(options.variables.map((one) => factOf(one, 'var')), 'variable'), // prettier-ignore
  };
  try {
    if (scenarios.length > 0) {
      const play = (scenario: Scenario) =>
        isReal ? playReal(text, scenario, given, settings) : playSimulated(text, scenario, given, settings);
      return endOf(await playAll(readScenarios(scenarios), expectations, play), text, options);
    }
    screen.say(ladderHead);
    const made = isReal ? await realCall(text, given, settings, screen) : await simulatedCall(text, given, settings, options, screen);
    return conclusion(text, made, expectations, options);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    const why = `${text} cannot be reached: ${error.message}; what listens there: fastagi doctor --only listening`;
    return { status: 111, err: [`fastagi: call: ${why}`] };
  }
}

async function realCall(text: string, given: PlaceCallOptions, settings: CommandLineSettings, screen: Screen): Promise<Made> {
  const scenario = parseScenario(given.keys === undefined ? '' : `presses ${given.keys}`);
  return { run: await playReal(text, scenario, given, settings, stepPrinter(screen)), place: [], more: [] };
}

async function simulatedCall(
  text: string,
  given: PlaceCallOptions,
  settings: CommandLineSettings,
  { html, isLoud }: PhoneOptions,
  screen: Screen,
): Promise<Made> {
  const { terminal } = screen;
  // Whoever says beforehand what the caller does need not wait for it.
  const isLive = terminal.input.isTTY && given.keys === undefined && given.hangUpAt === undefined;
  const loudspeaker = isLoud ? createLoudspeaker(asteriskPaths().sounds, screen.say) : undefined;
  const options: PlaceCallOptions = {
    ...given,
    clock: isLive || isLoud ? 'real' : 'virtual',
    ...(loudspeaker && { sounds: loudspeaker.lengthOf }),
  };
  const show = stepPrinter(screen);
  const step = (one: LadderStep): void => {
    show(one);
    loudspeaker?.step(one);
  };
  return withRecording(settings.record, html !== undefined, async (record) => {
    const target = await targetOf(text, { ...settings, ...(record !== undefined && { record }) });
    const { side, over } = await dial(target, options, { step, isLive }).finally(target.close);
    const stop = isLive ? listenToKeys(terminal.input, side) : undefined;
    const run = await over.finally(() => (stop?.(), loudspeaker?.stop()));
    if (record !== undefined) await target.ended;
    return run;
  });
}

function conclusion(text: string, { run, place, more }: Made, expectations: Expectations, { html, cast }: PhoneOptions): CommandEnd {
  const { variables, longestSilence } = run.call;
  const wrong = wrongsOf(run, expectations);
  const shown = Object.entries(variables).map(([name, value]) => visible(`  ${name} = ${value}`));
  const out = ['', ...(shown.length > 0 ? ['Variables:', ...shown] : []), `Longest silence: ${secondsOf(longestSilence)}`];
  const marks = wrong.map((line) => `✗ ${line}`);
  if (html !== undefined) writePage(html, text, run, [...wrong, ...place]);
  if (cast !== undefined) writeCast(cast, text, run, [...out, ...marks]);
  return { status: wrong.length > 0 ? 1 : 0, out: [...out, ...marks, ...more] };
}

const colours = { script: 36, caller: 33, asterisk: 39, note: 33 };

/** Shows each step of a call as it happens. */
function stepPrinter({ terminal, say }: Screen): (step: LadderStep) => void {
  const isColoured = wantsColours(terminal.output, process.env);
  return (step) => {
    const line = visible(ladderLine(step));
    say(isColoured ? `\x1b[${colours[step.who]}m${line}\x1b[39m` : line);
  };
}
