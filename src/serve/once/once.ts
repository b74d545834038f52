import type { Readable } from 'node:stream';
import type { TriedSettings } from '../../config/try-settings';
import type { CallLog } from '../process/log';
import type { OpenManager } from '../../call/call-manager';
import type { Log } from '../../ground/log';
import type { Descriptors } from './descriptors';
import type { Mailer } from './mailer';

/** What a call is served with, and what the runtime decides. */
export interface Parts {
  openDescriptors(input: number, output: number, isRequestRead?: boolean): Descriptors;
  /** @param logOf the log of whoever prints at this moment */
  cleanConsole(logOf: () => Log): void;
  /** What comes from a pipe. */
  readPipe(descriptor: number): Readable;
  readonly openManager: OpenManager;
}

/** A process that serves one call. */
export interface Once extends TriedSettings {
  /** When the call began, in ms since 1970. */
  readonly begun: number;
  readonly connection: Descriptors;
  readonly log: CallLog;
  /** Mails for a user who may not have the mail server's password. */
  mailer?: Mailer;
}
