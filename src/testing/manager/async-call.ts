import { createAsterisk, type Asterisk } from '../asterisk/asterisk';
import { environmentOf, type SimulatedRequest } from '../asterisk/environment';
import type { ManagerFields } from './manager-wire';
import type { AsteriskOptions, SimulatedChannel } from '../asterisk/simulated-channel';

/** A channel in `AGI(agi:async)`. */
export interface AsyncChannel {
  readonly channel: SimulatedChannel;
  /** Tells the clients of it, and gives the Asterisk that plays it. */
  begin(): Asterisk;
  /** An AGI action came: its command waits for those before it. */
  take(command: string, id: string): void;
  /** Tells the clients of another name. */
  rename(newName: string): void;
  /** ControlPlayback stops what plays. */
  stopPlayback(): void;
}

const playbacks = /^\s*(?:stream file|get data|get option)\b/i;

/** @param gone is called with the channel's name when it has hung up */
export function createAsyncCall(
  facts: SimulatedRequest,
  options: AsteriskOptions,
  emit: (event: string, fields: ManagerFields, privilege: string) => void,
  gone: (name: string) => void,
): AsyncChannel {
  const waiting: { command: string; id: string }[] = [];
  let current: { command: string; id: string } | undefined;
  /** Replies that belong to no action. */
  let unasked = 0;
  let isOver = false;
  let name = options.channel ?? 'PJSIP/100-00000001';

  const answer = (bytes: string): void => {
    if (bytes.startsWith('1')) return;
    if (unasked > 0) return void unasked--;
    if (!current || isOver) return;
    const { command, id } = current;
    current = undefined;
    emit('AsyncAGIExec', { ...own(), CommandId: id, Result: escaped(bytes) }, 'agi');
    // As Asterisk does when a sound is missing.
    if (playbacks.test(command) && bytes.startsWith('200 result=-1')) return end('FAILURE');
    runNext();
  };

  const asterisk = createAsterisk(answer, { ...options, notices: false });
  const { channel } = asterisk;
  const uniqueId = facts.values?.['uniqueid'] ?? `${Date.now()}.${Math.floor(Math.random() * 1e6)}`;
  const own = (): ManagerFields => ({ Channel: name, Uniqueid: uniqueId });

  const runNext = (): void => {
    if (current || isOver) return;
    current = waiting.shift();
    if (!current) return;
    if (!/^\s*asyncagi\s+break\s*$/i.test(current.command)) return asterisk.feed(`${current.command}\n`);
    answer('200 result=0\n');
    end('SUCCESS');
  };

  const end = (status: string): void => {
    if (isOver) return;
    isOver = true;
    channel.variables.set('AGISTATUS', status);
    emit('AsyncAGIEnd', own(), 'agi');
  };

  return {
    channel,
    begin() {
      const values = { request: 'async', channel: channel.name, uniqueid: uniqueId, ...facts.values };
      emit('AsyncAGIStart', { ...own(), Env: escaped(environmentOf({ ...facts, values })) }, 'agi');
      return {
        ...asterisk,
        hangUp() {
          if (channel.dead) return;
          asterisk.hangUp();
          end('HANGUP');
          gone(name);
          emit('Hangup', { ...own(), Cause: 16 }, 'call');
        },
      };
    },
    take(command, id) {
      waiting.push({ command: Buffer.from(command, 'utf8').toString('latin1'), id });
      runNext();
    },
    rename(newName) {
      const event = { ...own(), Newname: newName };
      name = newName;
      emit('Rename', event, 'call');
    },
    stopPlayback() {
      if (!current || !playbacks.test(current.command)) return;
      // A further line stops the simulated playback; its own reply is nobody's.
      unasked++;
      asterisk.feed('NOOP\n');
      answer('200 result=0 endpos=0\n');
    },
  };
}

/** Bytes as Asterisk's manager writes them. */
function escaped(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
