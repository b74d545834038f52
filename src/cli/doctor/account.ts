import type { Settings } from '../../config/settings';
import { connectBySettings } from '../../serve/async-agi/asterisk-manager';
import type { AsteriskManager } from '../../call/agi';
import { silent } from '../../ground/log';

/** Asterisk's manager, as this configuration logs in; or why it does not. */
export type Account = { readonly manager: AsteriskManager } | { readonly error: Error & { readonly code?: string } };

/** So long logging in may take, in ms. */
const patience = 5000;

export async function openAccount(settings: Settings): Promise<Account> {
  try {
    return { manager: await connectBySettings(settings, silent, { timeout: patience }) };
  } catch (error) {
    return { error: error as Error };
  }
}
