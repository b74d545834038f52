import { createHash } from 'node:crypto';
import { ManagerError } from '../ground/errors';
import { ask, type ActionOptions } from './ask';
import { isRefusal } from './failures';
import type { Session } from './session';

/** Who logs in. */
export interface Credentials {
  readonly username: string;
  readonly secret: string;
}

/**
 * Logs in: the secret stays here if Asterisk gives a challenge. Of the events only those of the system are on then.
 * @throws ManagerError if Asterisk does not let the user in
 * @see Asterisk: manager actions Challenge and Login
 */
export async function logIn(session: Session, { username, secret }: Credentials, where: string, how: ActionOptions): Promise<void> {
  const challenge = await challengeOf(session, how);
  const proof =
    challenge === undefined
      ? { Secret: secret }
      : { AuthType: 'MD5', Key: createHash('md5').update(`${challenge}${secret}`).digest('hex') };
  try {
    await ask(session, 'Login', { Username: username, ...proof, Events: 'system' }, how);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new ManagerError(
      'FASTAGI_MANAGER_LOGIN',
      `Asterisk's manager at ${where} does not let ${JSON.stringify(username)} in: ${error.reply}; username and secret must be those of manager.conf, and its permit and deny must let this address in`,
      { action: 'Login', reply: error.reply },
    );
  }
}

/** Undefined if the manager gives none. */
async function challengeOf(session: Session, how: ActionOptions): Promise<string | undefined> {
  try {
    return (await ask(session, 'Challenge', { AuthType: 'MD5' }, how)).get('Challenge');
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
