import { CommandError, HangupError, ManagerError } from '../../ground/errors';
import type { Agi } from '../../call/agi';
import { sender, type Sending } from '../../agi/command-group';
import type { Channel } from '../../agi/channel';
import { databaseActions } from '../../manager/actions/database';
import type { ManagerClient } from '../../manager/client';
import { isNoChannel } from '../../manager/failures';

/** What stores results: a `finally` block relies on it. */
type Storing = Pick<Agi, 'setVariable' | 'databasePut' | 'databaseGet' | 'databaseDel' | 'databaseDelTree'>;

/**
 * Async AGI runs nothing any more once the caller hung up. What stores results goes by the manager then, as it goes on working elsewhere.
 * @param nameOf gives the channel's name at this moment
 */
export function storeAfterHangup(agi: Agi, channel: Channel, client: ManagerClient, nameOf: () => string): void {
  const { setVariable, databasePut, databaseGet, databaseDel, databaseDelTree } = agi;
  const isGone = (): boolean => channel.hungUp && channel.ended;
  /** @returns whether there was something to do it to */
  const act = async (words: string, name: string, fields: Record<string, string>): Promise<boolean> => {
    try {
      await client.action(name, fields);
      return true;
    } catch (error) {
      if (!(error instanceof ManagerError)) throw error;
      if (isNoChannel(error)) throw new HangupError(`the channel is gone, ${words} was not carried out`);
      // What is not there cannot be deleted.
      if (/not found|could not be deleted/i.test(error.reply ?? '')) return false;
      const why = 'the caller hung up, and the manager did not do it; its user needs write = call,system';
      throw new CommandError('FASTAGI_COMMAND_FAILED', words, 200, error.reply ?? error.message, { about: '', why });
    }
  };
  const byManager: Storing = {
    async setVariable(name, value) {
      await act('SET VARIABLE', 'Setvar', { Channel: nameOf(), Variable: name, Value: String(value) });
    },
    async databasePut(family, key, value) {
      await act('DATABASE PUT', 'DBPut', { Family: family, Key: key, Val: String(value) });
    },
    async databaseDel(family, key) {
      await act('DATABASE DEL', 'DBDel', { Family: family, Key: key });
    },
    databaseDelTree: (family, keytree) =>
      act('DATABASE DELTREE', 'DBDelTree', { Family: family, ...(keytree !== undefined && { Key: keytree }) }),
    databaseGet: databaseGetByManager(agi, client),
  };
  Object.assign(agi, {
    setVariable: (...args) => (isGone() ? byManager.setVariable(...args) : setVariable(...args)),
    databasePut: (...args) => (isGone() ? byManager.databasePut(...args) : databasePut(...args)),
    databaseGet: (...args) => (isGone() ? byManager.databaseGet(...args) : databaseGet(...args)),
    databaseDel: (...args) => (isGone() ? byManager.databaseDel(...args) : databaseDel(...args)),
    databaseDelTree: (...args) => (isGone() ? byManager.databaseDelTree(...args) : databaseDelTree(...args)),
  } satisfies Storing);
}

/** Another way to what DATABASE GET gives. */
export function databaseGetByManager(agi: Agi, client: ManagerClient): Agi['databaseGet'] {
  return async (family, key, options) => {
    const value = await databaseActions(client).dbGet({ family, key });
    if (options?.secret && value !== undefined) (agi as Partial<Sending>)[sender]?.secrets.add(value);
    return value;
  };
}
