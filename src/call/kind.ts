import type { Channel } from '../agi/channel';
import type { AgiRequest } from '../agi/wire/request';
import type { LocatedScript } from '../script/locate';
import type { Agi } from './agi';

/** How a call came: FastAGI over a network, classic AGI, or Async AGI over the manager. */
export interface CallKind {
  /** Whether peers are checked, PROXY headers read: whether the bytes came over a network. */
  readonly network: boolean;
  /** What is asked for, for log and console. */
  nameOf(request: AgiRequest): string;
  /** Finds the script. Throws ScriptError. */
  locate(request: AgiRequest, basedir: string): LocatedScript;
  /** The script's arguments; those of the request unless given. */
  readonly args?: readonly string[];
  /** EAGI's audio. */
  audio?(request: AgiRequest, channel: Channel): Agi['audio'];
  /** Called with the channel, for hangups that come another way. */
  watchHangup?(channel: Channel): void;
  /** What is different if commands go over the manager. */
  readonly overManager?: OverManager;
}

/** A call that came over Asterisk's manager. After a hangup nothing can be told there, so the dialplan has the reason for one from the beginning on. */
interface OverManager {
  /** How long a command's line may be, in bytes. */
  readonly longestLine: number;
  /** Gives a script methods that work otherwise there. */
  adapt(agi: Agi, channel: Channel): void;
}
