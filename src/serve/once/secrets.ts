import { accessSync, constants } from 'node:fs';
import { hasSecrets, withholdSecrets } from '../../config/secrets';
import type { Identity } from '../process/identity';
import type { Once } from './once';

export type User = Pick<Identity, 'uid' | 'account'>;

/** For a process that has become the script's user: forgets the secrets, unless the user may read the file or is to have them. */
export function forgetSecrets(once: Once, user: User): void {
  const { settings, settingsFile } = once;
  if (settingsFile === undefined) return;
  try {
    accessSync(settingsFile, constants.R_OK);
  } catch {
    // Looked for only here: a process's first regular expressions are dear.
    if (hasSecrets(settings) && !isListed(once, user)) withholdSecrets(settings);
  }
}

/** Whether `secrets_for` names a user. */
export function isListed({ settings }: Once, { account }: User): boolean {
  return account !== undefined && settings.fastagi.secretsFor.includes(account.name);
}
