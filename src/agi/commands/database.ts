import { UsageError } from '../../ground/errors';
import { asText, type Argument } from '../wire/command-line';
import type { CommandSender, Secrecy, SendOptions } from '../command-sender';
import type { Reply } from '../wire/reply';
import { decodeText } from '../../ground/text';

/** Asterisk's own database; all of it works after a hangup too. */
export interface DatabaseCommands {
  /** Deletes a key; no error where there is none. @see Asterisk: AGI command DATABASE DEL */
  databaseDel(family: string, key: string): Promise<void>;
  /**
   * Deletes a family, or the keys of it below a key tree.
   * @throws UsageError for an empty family or key tree, as all these methods do for an empty name
   * @returns whether anything was deleted
   * @see Asterisk: AGI command DATABASE DELTREE
   */
  databaseDelTree(family: string, keytree?: string): Promise<boolean>;
  /**
   * A value to the byte, or undefined.
   * @param options `secret`, for a value that must stand nowhere else
   * @see Asterisk: AGI command DATABASE GET
   * @example
   * const pin = (await fastagi.databaseGet('pins', fastagi.request.agi_callerid)) ?? '0000';
   */
  databaseGet(family: string, key: string, options?: Secrecy): Promise<string | undefined>;
  /**
   * Stores a value.
   * @param options `secret`, for a value that must stand nowhere else
   * @see Asterisk: AGI command DATABASE PUT
   * @example
   * await fastagi.databasePut('calls', fastagi.request.agi_callerid, new Date().toISOString());
   */
  databasePut(family: string, key: string, value: Argument, options?: Secrecy): Promise<void>;
}

const failed = { failures: ['-1', '0'] };

export function databaseCommands({ send, checked }: CommandSender): DatabaseCommands {
  const ask = (
    words: string,
    names: readonly (string | undefined)[],
    options?: SendOptions,
    value: readonly Argument[] = [],
  ): Promise<Reply> =>
    checked(
      () => checkNames(names, words),
      () => send(words, [...names, ...value], options),
    );
  return {
    async databaseDel(family, key) {
      await ask('DATABASE DEL', [family, key], failed);
    },
    async databaseDelTree(family, keytree) {
      // The result is the reverse of what its documentation says.
      return (await ask('DATABASE DELTREE', [family, keytree])).result === '0';
    },
    async databaseGet(family, key, options) {
      const reply = await ask('DATABASE GET', [family, key], options);
      return reply.result === '1' ? decodeText(reply.data ?? '') : undefined;
    },
    async databasePut(family, key, value, options) {
      await ask('DATABASE PUT', [family, key], { ...options, ...failed }, [asText(value)]);
    },
  };
}

/** An empty key tree is the whole family, an empty family the whole database. */
function checkNames(names: readonly (string | undefined)[], words: string): void {
  const empty = names.indexOf('');
  if (empty < 0) return;
  const what = empty === 0 ? 'the family' : 'the key';
  throw new UsageError(
    'FASTAGI_ARGUMENT_EMPTY',
    `${words}: argument ${empty + 1}, ${what}, is empty; for a whole family leave the key tree out`,
  );
}
