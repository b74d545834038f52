import { asText, type Argument } from '../command-line';
import type { CommandSender } from '../command-sender';
import { decodeText } from '../text';

/** Asterisk's own database; all of it works after a hangup too. */
export interface DatabaseCommands {
  /** Deletes a key; no error where there is none. @see Asterisk: AGI command DATABASE DEL */
  databaseDel(family: string, key: string): Promise<void>;
  /**
   * Deletes a family, or the keys of it below a key tree.
   * @returns whether anything was deleted
   * @see Asterisk: AGI command DATABASE DELTREE
   */
  databaseDelTree(family: string, keytree?: string): Promise<boolean>;
  /** A value to the byte, or undefined. @see Asterisk: AGI command DATABASE GET */
  databaseGet(family: string, key: string): Promise<string | undefined>;
  /** Stores a value. @see Asterisk: AGI command DATABASE PUT */
  databasePut(family: string, key: string, value: Argument): Promise<void>;
}

export function databaseCommands({ send }: CommandSender): DatabaseCommands {
  return {
    async databaseDel(family, key) {
      await send('DATABASE DEL', [family, key], { failures: ['-1', '0'] });
    },
    async databaseDelTree(family, keytree) {
      // The result is the reverse of what its documentation says.
      return (await send('DATABASE DELTREE', [family, keytree])).result === '0';
    },
    async databaseGet(family, key) {
      const reply = await send('DATABASE GET', [family, key]);
      return reply.result === '1' ? decodeText(reply.data ?? '') : undefined;
    },
    async databasePut(family, key, value) {
      await send('DATABASE PUT', [family, key, asText(value)], { failures: ['-1', '0'] });
    },
  };
}
