import { randomUUID } from 'node:crypto';
import { readSettings, type CommandLineSettings } from '../../config/read-settings';
import { ConfigError, type CallStatus } from '../../ground/errors';
import { silent } from '../../ground/log';
import type { ManagerEvent } from '../../manager/event';
import { connectBySettings } from '../../serve/async-agi/asterisk-manager';
import type { LadderStep } from '../../tape/ladder';
import { realClock } from '../../testing/asterisk/clock';
import type { Running } from '../../testing/asterisk/running';
import type { PlaceCallOptions, SimulatedRun } from '../../testing/asterisk-side';
import { actionsOf, createCallerPlayer } from '../../testing/caller';
import { runningOf } from '../../testing/running-of';
import { namedFacts, playScenario, type Scenario } from '../../testing/scenario';
import { createWitness } from '../../testing/witness';

/** What came of a call of a real Asterisk. */
type RealRun = Omit<SimulatedRun, 'own'>;

/** In ms: so long after the script's end variables may still come, and the dialplan may end the call by itself. */
const afterwards = 1000;
/** In ms: so long Asterisk may take for a call. */
const patience = 10_000;

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
  const [callerId, ownId] = [`fastagi-${randomUUID()};1`, `fastagi-${randomUUID()};2`];
  const witness = createWitness(realClock, step);
  const problems: string[] = [];
  const variables: Record<string, string> = {};
  let channel = '';
  let running: Running | undefined;

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
  const player = createCallerPlayer(actionsOf((caller) => playScenario(caller, scenario)), realClock, { press, hangUp }); // prettier-ignore

  const over = new Promise<void>((resolve, reject) => {
    let timer = setTimeout(() => reject(new ConfigError('FASTAGI_CALL_ASTERISK', `call: Asterisk ran no AGI at ${place} within ${patience / 1000} s; look at its console`)), patience); // prettier-ignore
    const own = (act_: (event: ManagerEvent) => void) => (event: ManagerEvent) => event.get('Uniqueid') === ownId && act_(event);
    manager.on('AGIExecStart', own((event) => {
      clearTimeout(timer);
      const line = event.get('Command') ?? '';
      witness.saw('script', line);
      running = runningOf(line);
      if (!running) return;
      witness.began(running);
      player.began(running);
    })); // prettier-ignore
    manager.on('AGIExecEnd', own((event) => {
      witness.saw('asterisk', `${event.get('ResultCode') ?? ''} ${event.get('Result') ?? ''}`);
      if (!running) return;
      witness.ended(running);
      player.ended();
      running = undefined;
    })); // prettier-ignore
    manager.on('VarSet', own((event) => {
      const name = event.get('Variable') ?? '';
      variables[name] = event.get('Value') ?? '';
      witness.saw('note', `${name} = ${variables[name]}`);
      if (name !== 'FASTAGISTATUS') return;
      clearTimeout(timer);
      timer = setTimeout(resolve, afterwards);
    })); // prettier-ignore
    manager.on('Hangup', own(() => {
      clearTimeout(timer);
      timer = setTimeout(resolve, afterwards / 10);
    })); // prettier-ignore
    manager.on('Newstate', own((event) => {
      if (event.get('ChannelState') === '6') witness.answered();
    })); // prettier-ignore
    manager.on('Newchannel', (event) => {
      if (event.get('Uniqueid') === callerId) channel = event.get('Channel') ?? '';
    });
  });

  try {
    for (const [key, value] of Object.entries(namedFacts(scenario.given, 'database'))) await manager.action('DBPut', keyOf(key, value)); // oxlint-disable-line no-await-in-loop
    await manager.action('Originate', {
      Channel: `Local/${place}/n`,
      Application: 'Wait',
      Data: '3600',
      ChannelId: callerId,
      OtherChannelId: ownId,
      Async: 'true',
      ...(options.callerId && { CallerID: `"${options.callerId.name}" <${options.callerId.number}>` }),
      variables: { ...options.variables, ...namedFacts(scenario.given, 'variable') },
    });
    await over;
    const database = await databaseOf(manager, scenario);
    if (channel !== '') await manager.action('Hangup', { Channel: channel }).catch(() => undefined);
    witness.over();
    const status = (variables['FASTAGISTATUS'] ?? 'FAILURE') as CallStatus;
    if (variables['FASTAGISTATUS'] === undefined) problems.push('FASTAGISTATUS is empty: nobody said what the call came to');
    return {
      call: {
        status, error: undefined, commands: [], variables, database, heard: witness.heard, console: [], goesOnAt: {},
        longestSilence: witness.longestSilence(),
        ladder: witness.ladder(),
      },
      problems,
      left: player.left(),
      steps: witness.steps,
      silences: witness.silences,
    }; // prettier-ignore
  } finally {
    await manager.close();
  }
}

function keyOf(key: string, value?: string): Record<string, string> {
  const [family = '', ...rest] = key.split('/');
  const own = rest.pop() ?? '';
  return { Family: [family, ...rest].join('/'), Key: own, ...(value !== undefined && { Val: value }) };
}

/** What the scenario wants to know of the database. */
async function databaseOf(manager: Awaited<ReturnType<typeof connectBySettings>>, { expected }: Scenario): Promise<Record<string, string>> {
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
