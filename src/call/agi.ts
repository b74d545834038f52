import { commandsPrototype, createCommands, type Commands, type CallContext as CommandContext } from '../agi/agi';
import { prototypeWith } from '../ground/method-groups';
import { builtGroups } from './method-groups';
import type { Settings } from '../config/settings';
import type { IvrMethods } from '../ivr/methods';
import type { AudioSocket, AudioSocketOptions } from '../audio/audio-socket';
import type { Manager } from '../manager/manager';
import type { TtsMethods } from '../tts/methods';

/** What a script is given: the call, every AGI command as a method, and what is built on them. */
export type Agi = Commands<Settings> & TtsMethods & IvrMethods & ManagerMethod & ReleaseMethod & AudioMethod;

/**
 * A script: what a module exports by default.
 * @example
 * const script: Script = async (fastagi) => {
 *   await fastagi.answer();
 *   await fastagi.streamFile('hello-world');
 * };
 * export default script;
 */
export type Script = (fastagi: Agi) => unknown;

interface ReleaseMethod {
  /**
   * Lets the dialplan go on while the script does: reports SUCCESS (HANGUP if the caller is gone) and closes the connection. The script may
   * go on for `hangup_grace` seconds. From then on commands reject with UsageError, FASTAGI_RELEASED.
   */
  release(): Promise<void>;
}

interface AudioMethod {
  /**
   * The caller, live: a Duplex of signed linear, 8 kHz, mono, 16 bit, little endian (320 bytes are 20 ms). Reading gives what the caller says, what is written is heard
   * at the pace of speech. `audio.on('key', (key) => ...)` gives keys, `audio.clear()` drops what is not played yet, and `audio.end()` goes back to the script behind the last sound, with
   * the channel up. It ends without an error when the caller hangs up, when the signal fires, and when the script ends.
   * @param options `host`, the address or name of this machine that Asterisk reaches, unless it is the one that it called; a signal that ends it
   * @throws CommandError where Asterisk has no app_audiosocket or does not connect, UsageError, HangupError, the signal's reason
   * @see Asterisk: application AudioSocket
   * @example
   * const audio = await fastagi.audioSocket();
   * for await (const heard of audio) audio.write(heard);
   */
  audioSocket(options?: AudioSocketOptions): Promise<AudioSocket>;
}

interface ManagerMethod {
  /**
   * Asterisk's manager, connected and logged in as `[asmanager]` says; the same one each time, closed when the call is over.
   * @throws ManagerError where it cannot be reached or does not let the user in
   */
  manager(): Promise<AsteriskManager>;
}

/** The calls that a manager serves. */
export interface AsyncAgiService {
  /** How many calls are being served. */
  readonly calls: number;
  /** Takes no further calls; gives when those that are being served are over. */
  close(): Promise<void>;
}

/** Which calls a manager serves. */
export interface AsyncAgiOptions {
  /**
   * Only calls whose first argument this is, `AGI(agi:async,NAME)`: so two programs never answer one call. Calls that wait already are served, too;
   * without a name another program may be serving them.
   */
  readonly name?: string | undefined;
  /** So many calls at once. A further one learns `FASTAGISTATUS=BUSY`, and goes on in the dialplan; as many as come unless given. */
  readonly concurrency?: number | undefined;
}

/** A connection to Asterisk's manager. */
export interface AsteriskManager extends Manager, AsyncDisposable {
  /**
   * Serves the channels that run `AGI(agi:async)` with a script as anywhere else; when it ends, the dialplan goes on.
   * FASTAGISTATUS tells what the call came to, though nothing can be told to a channel that is gone. A call that began while the connection was
   * away is found, and served.
   * @throws UsageError for a concurrency that is no whole number above 0
   * @see Asterisk: manager action AGI
   */
  agi(script: Script, options?: AsyncAgiOptions): AsyncAgiService;
}

export interface CallContext extends CommandContext<Settings> {
  readonly openManager: () => Promise<AsteriskManager>;
  readonly release: () => Promise<void>;
  readonly audioSocket: AudioMethod['audioSocket'];
}

const prototype = prototypeWith<Commands<Settings> & TtsMethods & IvrMethods>(builtGroups, commandsPrototype);

/** Makes the object that a script is given. */
export function createCallAgi(call: CallContext): Agi {
  const { openManager: manager, release, audioSocket } = call;
  const ownMethods: ManagerMethod & ReleaseMethod & AudioMethod = { manager, release, audioSocket };
  return Object.assign(createCommands(call, prototype) as Commands<Settings> & TtsMethods & IvrMethods, ownMethods);
}
