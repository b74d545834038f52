import { ManagerError } from '../../ground/errors';
import type { ManagerClient } from '../client';

export interface DatabaseActions {
  /** A value of Asterisk's database; undefined if there is none. @see Asterisk: manager action DBGet */
  dbGet(what: { family: string; key: string }): Promise<string | undefined>;
}

export function databaseActions({ list }: ManagerClient): DatabaseActions {
  return {
    async dbGet({ family, key }) {
      try {
        for await (const item of list('DBGet', { Family: family, Key: key })) return item.get('Val');
      } catch (error) {
        if (!(error instanceof ManagerError) || !/not found/i.test(error.reply ?? '')) throw error;
      }
      return undefined;
    },
  };
}
