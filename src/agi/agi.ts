import type { Readable } from 'node:stream';
import type { Log } from '../ground/log';
import type { Secrets } from '../ground/secrets';
import type { Channel } from './channel';
import { createCommandSender } from './command-sender';
import { sender, type Sending } from './command-group';
import { commandGroups } from './command-groups';
import { prototypeWith } from '../ground/method-groups';
import type { ChannelStateCommands } from './commands/channel-state';
import type { ConsoleCommands } from './commands/console';
import type { DatabaseCommands } from './commands/database';
import type { DialplanCommands } from './commands/dialplan';
import type { InputCommands } from './commands/input';
import type { PlaybackCommands } from './commands/playback';
import type { RecordCommands } from './commands/record';
import type { SayCommands } from './commands/say';
import type { SpeechCommands } from './commands/speech';
import type { VariableCommands } from './commands/variables';
import { lineLimit } from '../ground/line-limit';
import type { PlayWhile } from './play-while';
import { parseRequest, requestQuery, type AgiRequest } from './wire/request';
import { decodeText } from '../ground/text';

/** What a script knows of its call. */
export interface CallFacts<Config = unknown> {
  /** The environment as Asterisk sent it: `agi_channel`, `agi_callerid` ... */
  readonly request: AgiRequest;
  /**
   * The same to the byte, for writing back: a byte that is no UTF-8 stands as a character from U+DC80 to U+DCFF, and commands send it as the
   * same byte again. In `request` it is the character that it is in Latin-1.
   */
  readonly rawRequest: AgiRequest;
  /** The script's arguments, agi_arg_1 first. */
  readonly args: readonly string[];
  /** What stood behind the `?` of the request. */
  readonly query: URLSearchParams;
  /** The settings in force. */
  readonly config: Config;
  /** Fires when the caller hangs up or the connection ends. */
  readonly signal: AbortSignal;
  /** Whether the caller hung up. */
  readonly hungUp: boolean;
  /** Under EAGI the caller's audio: signed linear, 8 kHz, mono, 16 bit. */
  readonly audio: Readable | undefined;
  /** Lines for the administrator's log. */
  readonly log: Log;
}

/** What a script knows of its call, and every AGI command as a method. */
export type Commands<Config = unknown> = CallFacts<Config> &
  ChannelStateCommands &
  ConsoleCommands &
  DatabaseCommands &
  DialplanCommands &
  InputCommands &
  PlaybackCommands &
  PlayWhile &
  RecordCommands &
  SayCommands &
  SpeechCommands &
  VariableCommands;

export interface CallContext<Config> {
  readonly channel: Channel;
  readonly request: AgiRequest;
  /** What Asterisk sent, a byte a character, if `request` was made of it. */
  readonly environment?: string;
  readonly args: readonly string[];
  readonly config: Config;
  readonly audio: () => Readable | undefined;
  readonly log: Log;
  /** What is secret in it; what the script says is, unless given. */
  readonly secrets?: Secrets;
  /** How long a command's line may be, in bytes; what this release of Asterisk takes over AGI unless given. */
  readonly longestLine?: number;
}

/** The methods of all calls. */
export const commandsPrototype = prototypeWith<Sending & Commands>(commandGroups);

/** Makes them. @param prototype has the methods, and perhaps more */
export function createCommands<Config>(call: CallContext<Config>, prototype: object = commandsPrototype): Commands<Config> {
  const { channel, request, args, config, log } = call;
  let query: URLSearchParams | undefined;
  let raw: AgiRequest | undefined;
  let audio: { stream: Readable | undefined } | undefined;
  const facts: CallFacts<Config> & Sending = {
    // @ts-expect-error: the prototype, as no method would be the object's own otherwise
    __proto__: prototype,
    [sender]: createCommandSender(channel, call.longestLine ?? lineLimit(request['agi_version']), call.secrets),
    request,
    args,
    config,
    log,
    get query() {
      return (query ??= requestQuery(request));
    },
    get rawRequest() {
      return (raw ??= call.environment === undefined ? request : parseRequest(call.environment, decodeText));
    },
    get signal() {
      return channel.signal;
    },
    get hungUp() {
      return channel.hungUp;
    },
    get audio() {
      return (audio ??= { stream: call.audio() }).stream;
    },
  };
  return facts as typeof facts & Commands<Config>;
}
