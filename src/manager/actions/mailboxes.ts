import type { ManagerClient } from '../client';
import { countOf } from '../wire/header-values';

export interface MailboxCount {
  readonly urgent: number;
  readonly fresh: number;
  readonly old: number;
}

export interface MailboxActions {
  /** How many messages a mailbox (`100@default`) has. @see Asterisk: manager action MailboxCount */
  mailboxCount(what: { mailbox: string }): Promise<MailboxCount>;
  /** Whether messages wait in a mailbox. @see Asterisk: manager action MailboxStatus */
  mailboxStatus(what: { mailbox: string }): Promise<boolean>;
}

export function mailboxActions({ action }: ManagerClient): MailboxActions {
  return {
    async mailboxCount({ mailbox }) {
      const response = await action('MailboxCount', { Mailbox: mailbox });
      return { urgent: countOf(response, 'UrgMessages'), fresh: countOf(response, 'NewMessages'), old: countOf(response, 'OldMessages') };
    },
    async mailboxStatus({ mailbox }) {
      return countOf(await action('MailboxStatus', { Mailbox: mailbox }), 'Waiting') > 0;
    },
  };
}
