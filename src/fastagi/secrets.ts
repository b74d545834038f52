import { accessSync, constants, statSync } from 'node:fs';
import { readSettings, type CommandLineSettings } from '../config/read-settings';
import type { Settings } from '../config/settings';
import { hasSecrets, holdsPassword, withholdSecrets } from '../config/secrets';
import type { Identity } from '../script/identity';
import type { Call } from './call';
import { startMailer } from './mailer';

type User = Pick<Identity, 'uid' | 'account'>;

/**
 * For root, who is about to become a user that may not have the mail server's password: starts what mails with it. Not where everybody may read
 * the configuration, or it is the user's; whether its groups may is not worth asking.
 */
export function keepMailServer(call: Call, user: User): void {
  const { settings, settingsFile } = call;
  const { admin, errorHandler, smtp } = settings.phpagi;
  if (settingsFile === undefined || admin === undefined || !errorHandler || !holdsPassword(smtp) || isListed(call, user)) return;
  const { uid, mode } = statSync(settingsFile);
  if (uid !== user.uid && !(mode & 0o004)) call.mailer = startMailer(settingsFile, user.uid);
}

/** For a process that has become the script's user: forgets the secrets, unless the user may read the file or is to have them. */
export function forgetSecrets(call: Call, user: User): void {
  const { settings, settingsFile } = call;
  if (settingsFile === undefined || !hasSecrets(settings) || isListed(call, user)) return;
  try {
    accessSync(settingsFile, constants.R_OK);
  } catch {
    withholdSecrets(settings);
  }
}

/** Settings for a second start: with what the user gets in any case. It looks itself whether the user may read the file. */
export function settingsFor(call: Call, user: User): Settings {
  if (call.settingsFile === undefined || !hasSecrets(call.settings) || isListed(call, user)) return call.settings;
  const settings = structuredClone(call.settings);
  withholdSecrets(settings);
  return settings;
}

/** The settings of a second start, whole where the user may read the file. */
export function settingsOf(handed: Settings, options: CommandLineSettings): Settings {
  if (!handed.withheld) return handed;
  try {
    return readSettings(options);
  } catch {
    return handed;
  }
}

function isListed({ settings }: Call, { account }: User): boolean {
  return account !== undefined && settings.fastagi.secretsFor.includes(account.name);
}
