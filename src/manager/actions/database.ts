import { ManagerError } from '../../ground/errors';
import { encodeText } from '../../ground/text';
import type { ManagerClient } from '../client';

export interface DatabaseActions {
  /**
   * A value of Asterisk's database, newlines and all; undefined if there is none.
   * @throws ManagerError, for a value with an empty line too: the manager cannot carry it
   * @see Asterisk: manager action DBGet
   */
  dbGet(what: { family: string; key: string }): Promise<string | undefined>;
}

/** So many bytes an old Asterisk gives at most, and says nothing of what it leaves out. */
const longestOfOld = 255;

export function databaseActions(client: ManagerClient): DatabaseActions {
  const { list } = client;
  return {
    async dbGet({ family, key }) {
      try {
        for await (const item of list('DBGet', { Family: family, Key: key })) {
          const value = item.between('Val', 'ActionID');
          if (value === undefined || (encodeText(value).length === longestOfOld && isOld(client.version))) break;
          return value;
        }
      } catch (error) {
        if (!(error instanceof ManagerError) || !/not found/i.test(error.reply ?? '')) throw error;
        return undefined;
      }
      throw new ManagerError(
        'FASTAGI_MANAGER_VALUE',
        `DBGet: the value of ${family}/${key} is more than the manager can give: it holds an empty line, or looks like the manager's own, or this Asterisk cuts it; read it in a call: databaseGet(${JSON.stringify(family)}, ${JSON.stringify(key)})`,
        { action: 'DBGet' },
      );
    },
  };
}

function isOld(version = ''): boolean {
  return !(Number.parseInt(version, 10) >= 22);
}
