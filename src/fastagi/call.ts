import type { Channel } from '../agi/channel';
import type { AgiRequest } from '../agi/wire/request';
import type { Settings } from '../config/settings';
import type { LocatedScript } from '../script/locate';
import type { Agi } from './call-agi';
import type { CallLog } from './call-log';
import type { Connection } from './connection';
import type { Mailer } from './mail-sender';
import type { ExitStatus } from './exit-status';

/** How a program came to its call: FastAGI through a super-server, or classic AGI. */
export interface CallKind {
  /** Whether peers are checked, PROXY headers read: whether the bytes came over a network. */
  readonly network: boolean;
  /** What is asked for, for log and console. */
  nameOf(request: AgiRequest): string;
  /** Finds the script. Throws ScriptError. */
  locate(request: AgiRequest, basedir: string): LocatedScript;
  /** The script's arguments; those of the request unless given. */
  readonly args?: readonly string[];
  /** What a script that failed makes of the exit status. */
  readonly failed: ExitStatus;
  /** EAGI's audio. */
  audio(request: AgiRequest, channel: Channel): Agi['audio'];
  /** Called with the channel, for hangups that come another way. */
  watchHangup(channel: Channel): void;
}

/** How the process should end. */
export interface CallEnd {
  readonly status: ExitStatus;
  /** Whether a thread still waits for bytes, so that only a signal ends the process at once. */
  readonly blocked: boolean;
}

export interface Call {
  readonly kind: CallKind;
  /** When it began, in ms since 1970. */
  readonly begun: number;
  readonly connection: Connection;
  readonly log: CallLog;
  readonly settings: Settings;
  /** Why the settings are only the defaults. */
  readonly settingsError: unknown;
  /** Who besides root could have written the settings. */
  readonly master: 'root' | number;
  /** The configuration's file, where not everybody may read it. */
  readonly settingsFile: string | undefined;
  /** Mails for a user who may not have the mail server's password. */
  mailer?: Mailer;
  /** What is done when nobody waits any more. */
  readonly afterwards: (() => Promise<void>)[];
}
