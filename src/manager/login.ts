import { createHash } from 'node:crypto';
import { ManagerError } from '../ground/errors';
import type { Fields } from './wire/action-text';
import type { ManagerResponse } from './wire/message';

/** Who logs in. */
export interface Credentials {
  readonly username: string;
  readonly secret: string;
}

type Ask = (action: string, fields: Fields) => Promise<ManagerResponse>;

/**
 * Logs in: the secret stays here where Asterisk gives a challenge.
 * @param ask sends an action; rejects with a ManagerError where Asterisk refuses it
 * @param mask the events to be sent, `off` for none
 * @see Asterisk: manager actions Challenge and Login
 */
export async function logIn(ask: Ask, { username, secret }: Credentials, where: string, mask: string): Promise<void> {
  const challenge = await challengeOf(ask);
  const proof =
    challenge === undefined
      ? { Secret: secret }
      : { AuthType: 'MD5', Key: createHash('md5').update(`${challenge}${secret}`).digest('hex') };
  try {
    await ask('Login', { Username: username, ...proof, ...(mask === 'on' ? {} : { Events: mask }) });
  } catch (error) {
    if (!(error instanceof ManagerError) || error.reply === undefined) throw error;
    throw new ManagerError(
      'FASTAGI_MANAGER_LOGIN',
      `Asterisk's manager at ${where} does not let ${JSON.stringify(username)} in: ${error.reply}; username and secret must be those of manager.conf, and its permit and deny must let this address in`,
      { action: 'Login', reply: error.reply },
    );
  }
}

/** Undefined where the manager gives none. */
async function challengeOf(ask: Ask): Promise<string | undefined> {
  try {
    return (await ask('Challenge', { AuthType: 'MD5' })).get('Challenge');
  } catch (error) {
    if (error instanceof ManagerError && error.reply !== undefined) return undefined;
    throw error;
  }
}
