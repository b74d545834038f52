import { randomUUID } from 'node:crypto';
import { readSettings, type CommandLineSettings } from '../../config/read-settings';
import { ConfigError, type CallStatus } from '../../ground/errors';
import { silent } from '../../ground/log';
import type { AsteriskManager } from '../../call/agi';
import { connectBySettings } from '../../serve/async-agi/asterisk-manager';
import type { LadderStep } from '../../tape/ladder';
import { realClock } from '../../testing/asterisk/clock';
import type { PlaceCallOptions, SimulatedRun } from '../../testing/asterisk-side';
import { actionsOf, createCallerPlayer } from '../../testing/caller';
import { namedFacts, playScenario, type Scenario } from '../../testing/scenario';
import { createWitness } from '../../testing/witness';
import { followCall, type Halves } from './real-events';

/** What came of a call of a real Asterisk. */
type RealRun = Omit<SimulatedRun, 'own'>;

/**
 * Has a real Asterisk call an extension of its dialplan, whose AGI the scenario is of: a Local channel, one half of which is the caller.
 * @param place `extension@context`
 */
export async function playReal(
  place: string,
  scenario: Scenario,
  options: PlaceCallOptions,
  settings: CommandLineSettings,
  step?: (step: LadderStep) => void,
): Promise<RealRun> {
  if (!/^[^@\s/]+@[^@\s/]+$/.test(place))
    throw new ConfigError('FASTAGI_CALL_TARGET', `call: ${place} is no place in the dialplan: with --asterisk write EXTENSION@CONTEXT`);
  const manager = await connectBySettings(readSettings(settings), silent);
  try {
    return await playOn(manager, place, scenario, options, step);
  } finally {
    await manager.close();
  }
}

async function playOn(
  manager: AsteriskManager,
  place: string,
  scenario: Scenario,
  options: PlaceCallOptions,
  step?: (step: LadderStep) => void,
): Promise<RealRun> {
  const witness = createWitness(realClock, step);
  const problems: string[] = [];
  const variables: Record<string, string> = {};
  let channel = '';

  const act = (name: string, fields: Record<string, string | number>): void => {
    manager.action(name, fields).catch((error: Error) => problems.push(`${name}: ${error.message}`));
  };
  const press = (key: string): void => {
    witness.saw('caller', `presses ${key}`);
    act('PlayDTMF', { Channel: channel, Digit: key, Duration: 100 });
  };
  const hangUp = (): void => {
    witness.saw('caller', 'hangs up');
    act('Hangup', { Channel: channel });
  };
  const actions = actionsOf((caller) => playScenario(caller, scenario));
  const player = createCallerPlayer(actions, realClock, { press, hangUp });

  const id = `fastagi-${randomUUID()}`;
  const halves = { caller: `${id};1`, script: `${id};2` };
  const over = followCall(manager, halves, place, {
    player,
    witness,
    set(name, value) {
      variables[name] = value;
      witness.saw('note', `${name} = ${value}`);
    },
    named: (name) => void (channel = name),
    stuck(line) {
      problems.push(`${line} waits for ever, and the caller has nothing more to do`);
      hangUp();
    },
  });
  // Asterisk may refuse the call before it is followed.
  over.catch(() => undefined);
  for (const [key, value] of Object.entries(namedFacts(scenario.given, 'database'))) await manager.action('DBPut', keyOf(key, value)); // oxlint-disable-line no-await-in-loop
  await manager.action('Originate', originateFields(place, halves, scenario, options));
  await over;
  const database = await databaseOf(manager, scenario);
  if (channel !== '') await manager.action('Hangup', { Channel: channel }).catch(() => undefined);
  witness.over();
  const told = variables['FASTAGISTATUS'];
  if (told === undefined) problems.push('FASTAGISTATUS is empty: nobody said what the call came to');
  return {
    call: {
      status: (told ?? 'FAILURE') as CallStatus,
      error: undefined,
      commands: [],
      variables,
      database,
      heard: witness.heard,
      console: [],
      goesOnAt: {},
      longestSilence: witness.longestSilence(),
      ladder: witness.ladder(),
    },
    problems,
    left: player.left(),
    steps: witness.steps,
    silences: witness.silences,
  };
}

/** The caller's half only waits: what is heard and pressed goes through it. */
function originateFields(place: string, { caller, script }: Halves, { given }: Scenario, { callerId, variables }: PlaceCallOptions) {
  return {
    Channel: `Local/${place}/n`,
    Application: 'Wait',
    Data: '3600',
    ChannelId: caller,
    OtherChannelId: script,
    Async: 'true',
    ...(callerId && { CallerID: `"${callerId.name}" <${callerId.number}>` }),
    variables: { ...variables, ...namedFacts(given, 'variable') },
  };
}

function keyOf(key: string, value?: string): Record<string, string> {
  const [family = '', ...rest] = key.split('/');
  const own = rest.pop() ?? '';
  return { Family: [family, ...rest].join('/'), Key: own, ...(value !== undefined && { Val: value }) };
}

/** What the scenario wants to know of the database. */
async function databaseOf(manager: AsteriskManager, { expected }: Scenario): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { of, name } of expected) {
    if (of !== 'database') continue;
    const { Family: family = '', Key: key = '' } = keyOf(name);
    // oxlint-disable-next-line no-await-in-loop
    const value = await manager.dbGet({ family, key });
    if (value !== undefined) found[name] = value;
  }
  return found;
}
