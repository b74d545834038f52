import { accessSync, constants } from 'node:fs';
import { hasSecrets, withholdSecrets } from '../config/secrets';
import type { Identity } from '../script/identity';
import type { Call } from './call';

export type User = Pick<Identity, 'uid' | 'account'>;

/** For a process that has become the script's user: forgets the secrets, unless the user may read the file or is to have them. */
export function forgetSecrets(call: Call, user: User): void {
  const { settings, settingsFile } = call;
  if (settingsFile === undefined) return;
  try {
    accessSync(settingsFile, constants.R_OK);
  } catch {
    // Looked for only here: a process's first regular expressions are dear.
    if (hasSecrets(settings) && !isListed(call, user)) withholdSecrets(settings);
  }
}

/** Whether `secrets_for` names a user. */
export function isListed({ settings }: Call, { account }: User): boolean {
  return account !== undefined && settings.fastagi.secretsFor.includes(account.name);
}
