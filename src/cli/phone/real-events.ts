import { ConfigError } from '../../ground/errors';
import type { ManagerEvent } from '../../manager/event';
import type { AsteriskManager } from '../../call/agi';
import type { Running } from '../../testing/asterisk/running';
import type { CallerPlayer } from '../../testing/caller';
import { runningOf } from '../../testing/running-of';
import type { Witness } from '../../testing/witness';

/** In ms: so long after the script's end variables may still come, and the dialplan may end the call by itself. */
const afterwards = 1000;
/** In ms: so long Asterisk may take to run the AGI. */
const patience = 10_000;
/** In ms: so long a command may run, and a script may work. */
const longest = 300_000;

/** The two halves of a Local channel, by their unique ids. */
export interface Halves {
  readonly caller: string;
  /** The one that runs the dialplan. */
  readonly script: string;
}

/** Those who take part in a call of a real Asterisk. */
interface Parties {
  readonly player: CallerPlayer;
  readonly witness: Witness;
  /** A variable of the channel was set. */
  set(name: string, value: string): void;
  /** The caller has a channel now. */
  named(channel: string): void;
  /** The script waits for a caller who has nothing more to do. */
  stuck(line: string): void;
}

/**
 * Follows a call by the manager's events. Settles when the script has reported and the dialplan has had a second, or ended.
 * @param place what was called, for the error
 * @throws ConfigError if no AGI runs there, or nothing happens any more
 */
export function followCall(manager: AsteriskManager, { caller, script }: Halves, place: string, parties: Parties): Promise<void> {
  const { player, witness, set, named, stuck } = parties;
  let running: Running | undefined;
  let state: 'running' | 'reported' = 'running';
  return new Promise((resolve, reject) => {
    const late = (what: string, ms: number): NodeJS.Timeout => {
      const error = new ConfigError('FASTAGI_CALL_ASTERISK', `call: ${what} within ${ms / 1000} s; look at Asterisk's console`);
      return setTimeout(() => reject(error), ms);
    };
    let timer = late(`Asterisk ran no AGI at ${place}`, patience);
    const goesOn = (what: string): void => {
      if (state === 'reported') return;
      clearTimeout(timer);
      timer = late(what, longest);
    };
    const ends = (ms: number): void => {
      state = 'reported';
      clearTimeout(timer);
      timer = setTimeout(resolve, ms);
    };
    const on = (name: string, act: (event: ManagerEvent) => void): void => {
      manager.on(name, (event) => event.get('Uniqueid') === script && act(event));
    };
    on('AGIExecStart', (event) => {
      const line = event.get('Command') ?? '';
      goesOn(`${line} was not over`);
      witness.saw('script', line);
      running = runningOf(line);
      if (!running) return;
      witness.began(running);
      player.began(running);
      if (running.time === Infinity && player.isStuck) stuck(line);
    });
    on('AGIExecEnd', (event) => {
      witness.saw('asterisk', `${event.get('ResultCode') ?? ''} ${event.get('Result') ?? ''}`);
      goesOn('the script sent nothing more');
      if (!running) return;
      witness.ended(running);
      player.ended();
      running = undefined;
    });
    on('VarSet', (event) => {
      const name = event.get('Variable') ?? '';
      set(name, event.get('Value') ?? '');
      if (name === 'FASTAGISTATUS') ends(afterwards);
    });
    on('Newstate', (event) => {
      if (event.get('ChannelState') === '6') witness.answered();
    });
    on('Hangup', () => ends(afterwards / 10));
    manager.on('Newchannel', (event) => {
      if (event.get('Uniqueid') === caller) named(event.get('Channel') ?? '');
    });
  });
}
