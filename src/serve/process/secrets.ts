import { accessSync, constants } from 'node:fs';
import { hasSecrets, withholdSecrets } from '../../config/secrets';
import type { Settings } from '../../config/settings';
import type { TriedSettings } from '../../config/try-settings';
import type { Identity } from './identity';

export type User = Pick<Identity, 'uid' | 'account'>;

/** For a process that has become a user: forgets the secrets, unless the user may read the file or is to have them. */
export function forgetSecrets({ settings, settingsFile }: Pick<TriedSettings, 'settings' | 'settingsFile'>, user: User): void {
  if (settingsFile === undefined) return;
  try {
    accessSync(settingsFile, constants.R_OK);
  } catch {
    // Looked for only here: a process's first regular expressions are dear.
    if (hasSecrets(settings) && !isListed(settings, user)) withholdSecrets(settings);
  }
}

/** For a user: with what this one gets in any case. A second start looks itself whether the user may read the file. */
export function settingsFor({ settings, settingsFile }: Pick<TriedSettings, 'settings' | 'settingsFile'>, user: User): Settings {
  if (settingsFile === undefined || !hasSecrets(settings) || isListed(settings, user)) return settings;
  const copy = structuredClone(settings);
  withholdSecrets(copy);
  return copy;
}

/** Whether `secrets_for` names a user. */
export function isListed({ fastagi }: Settings, { account }: User): boolean {
  return account !== undefined && fastagi.secretsFor.includes(account.name);
}
