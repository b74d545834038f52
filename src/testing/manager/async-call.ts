import { createAsterisk, type Asterisk } from '../asterisk/asterisk';
import { environmentOf, type SimulatedRequest } from '../asterisk/environment';
import type { ManagerFields } from './manager-wire';
import type { AsteriskOptions, SimulatedChannel } from '../asterisk/simulated-channel';

/** A channel in `AGI(agi:async)`. */
export interface AsyncChannel {
  readonly channel: SimulatedChannel;
  /** As lists of channels show it. */
  shown(): ManagerFields;
  /** Tells the clients of it, and gives the Asterisk that plays it. */
  begin(): Asterisk;
  /** An AGI action came: its command waits for those before it. */
  take(command: string, id: string): void;
  /** Tells the clients of another name. */
  rename(newName: string): void;
  /** Another channel takes its place: all that the clients are told is that the one that was there hung up. */
  replace(newName: string): void;
  /** PlayDTMF has the caller press a key. */
  press(keys: string): void;
  /** ControlPlayback stops what plays. */
  stopPlayback(): void;
}

/** In bytes. */
const longestRead = 1024;

const stoppable = /^\s*(?:stream file|get option|wait for digit)\b/i;
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
  let unread = '';
  let name = options.channel ?? 'PJSIP/100-00000001';

  const answer = (bytes: string): void => {
    if (bytes.startsWith('1')) return;
    if (unasked > 0) return void unasked--;
    if (!current || isOver) return;
    const { command, id } = current;
    current = undefined;
    unread += bytes;
    const result = unread.slice(0, longestRead);
    unread = unread.slice(longestRead);
    emit('AsyncAGIExec', { ...own(), CommandId: id, Result: cutEscapes(escaped(result)) }, 'agi');
    // As Asterisk does when a sound is missing.
    if (playbacks.test(command) && bytes.startsWith('200 result=-1')) return end('FAILURE');
    runNext();
  };

  const asterisk = createAsterisk(answer, { ...options, notices: false });
  const { channel } = asterisk;
  let uniqueId = facts.values?.['uniqueid'] ?? newUniqueId();
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
    shown: () => ({
      ...own(), ChannelState: channel.state, ChannelStateDesc: 'Up', CallerIDNum: channel.callerId.number, CallerIDName: channel.callerId.name,
      Language: 'en', AccountCode: '', Context: 'default', Exten: 's', Priority: 1, Linkedid: uniqueId,
      ...(isOver ? { Application: '', ApplicationData: '' } : { Application: 'AGI', ApplicationData: ['agi:async', ...(facts.args ?? [])].join(',') }), Duration: '00:00:01', BridgeId: '',
    }), // prettier-ignore
    begin() {
      const values = { request: 'async', channel: channel.name, uniqueid: uniqueId, ...facts.values };
      const environment = environmentOf({ ...facts, values });
      // Asterisk reads so much at once; the rest comes in front of the first reply.
      unread = environment.slice(longestRead);
      emit('AsyncAGIStart', { ...own(), Env: cutEscapes(escaped(environment.slice(0, longestRead))) }, 'agi');
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
    replace(newName) {
      const event = { ...own(), Cause: 0 };
      [name, uniqueId] = [newName, newUniqueId()];
      emit('Hangup', event, 'call');
    },
    press: asterisk.press,
    stopPlayback() {
      if (!current || !stoppable.test(current.command)) return;
      // A further line stops the simulated playback; its own reply is nobody's.
      unasked++;
      asterisk.feed('NOOP\n');
      answer('200 result=0 endpos=0\n');
    },
  };
}

const newUniqueId = (): string => `${Date.now()}.${Math.floor(Math.random() * 1e6)}`;

/** So much Asterisk has room for. */
function cutEscapes(text: string): string {
  const cut = text.slice(0, 2047);
  return text.length > 2047 ? cut.replace(/%.?$/, '') : cut;
}

/** Bytes as Asterisk's manager writes them. */
function escaped(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
