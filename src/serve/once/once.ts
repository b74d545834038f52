import type { TriedSettings } from '../../config/try-settings';
import type { CallLog } from '../process/log';
import type { Descriptors } from './descriptors';
import type { Mailer } from './mailer';

/** A process that serves one call. */
export interface Once extends TriedSettings {
  /** When the call began, in ms since 1970. */
  readonly begun: number;
  readonly connection: Descriptors;
  readonly log: CallLog;
  /** Mails for a user who may not have the mail server's password. */
  mailer?: Mailer;
}
