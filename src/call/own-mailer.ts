import type { Settings } from '../config/settings';
import type { Host } from './host';
import { isMailed } from './is-mailed';

/** Mails failed calls from the process that serves them; nobody is to be told if it is not there. */
export function ownMailer(settings: Settings): Host['mail'] {
  return isMailed(settings) ? async (failed, log) => (await import('./mail/mail')).mailFailed(failed, settings, log) : undefined;
}
