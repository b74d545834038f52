import type { ManagerClient } from '../client';
import { countOf, entriesOf, flagOf, headerText } from '../wire/header-values';
import type { ManagerEvent } from '../event';

export interface QueueMember {
  readonly name: string;
  readonly interface: string;
  readonly penalty: number;
  readonly callsTaken: number;
  readonly isInCall: boolean;
  readonly isPaused: boolean;
  readonly pausedReason: string | undefined;
  /** The device's state as app_queue numbers it: 1 not in use, 2 in use, 3 busy, 4 invalid, 5 unavailable, 6 ringing ... */
  readonly status: number;
}

export interface QueueEntry {
  readonly position: number;
  readonly channel: string;
  readonly uniqueId: string;
  readonly callerNumber: string | undefined;
  readonly callerName: string | undefined;
  /** How long the caller has waited, in s. */
  readonly wait: number;
}

export interface QueueStatus {
  readonly queue: string;
  readonly strategy: string | undefined;
  /** Callers who wait now. */
  readonly calls: number;
  /** How many may wait; 0 is any number. */
  readonly max: number;
  /** In s, on average. */
  readonly holdTime: number;
  /** In s, on average. */
  readonly talkTime: number;
  readonly completed: number;
  readonly abandoned: number;
  readonly members: readonly QueueMember[];
  readonly callers: readonly QueueEntry[];
}

/** Each throws ManagerError where there is no such queue or member. */
export interface QueueActions {
  /** Adds a member. @param what.interface `PJSIP/100` @see Asterisk: manager action QueueAdd */
  queueAdd(what: { queue: string; interface: string; penalty?: number; memberName?: string; paused?: boolean }): Promise<void>;
  /** Takes a member away. @see Asterisk: manager action QueueRemove */
  queueRemove(what: { queue: string; interface: string }): Promise<void>;
  /** Reads queues.conf again: all of it, or what is named. @see Asterisk: manager action QueueReload */
  queueReload(what?: { queue?: string; members?: boolean; rules?: boolean; parameters?: boolean }): Promise<void>;
  /** Gone from Asterisk: on those that do not have it, throws what to use instead. @see Asterisk: manager action Queues */
  queues(): Promise<string>;
  /** The queues with their members and callers. @see Asterisk: manager action QueueStatus */
  queueStatus(what?: { queue?: string; member?: string }): Promise<QueueStatus[]>;
}

export function queueActions({ action, list }: ManagerClient): QueueActions {
  const yesNo = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : value ? 'yes' : 'no');
  return {
    async queueAdd({ queue, penalty, memberName, paused, ...what }) {
      await action('QueueAdd', { Queue: queue, Interface: what.interface, Penalty: penalty, MemberName: memberName, Paused: paused });
    },
    async queueRemove(what) {
      await action('QueueRemove', { Queue: what.queue, Interface: what.interface });
    },
    async queueReload({ queue, members, rules, parameters } = {}) {
      await action('QueueReload', { Queue: queue, Members: yesNo(members), Rules: yesNo(rules), Parameters: yesNo(parameters) });
    },
    async queues() {
      return (await action('Queues')).all('Output').join('\n');
    },
    async queueStatus({ queue, member } = {}) {
      const events = await entriesOf(
        list('QueueStatus', { Queue: queue, Member: member }),
        ['QueueParams', 'QueueMember', 'QueueEntry'],
        (e) => e,
      );
      return events.filter(({ name }) => name === 'QueueParams').map((params) => statusOf(params, events));
    },
  };
}

function statusOf(params: ManagerEvent, events: readonly ManagerEvent[]): QueueStatus {
  const queue = params.get('Queue') ?? '';
  const own = (name: string): ManagerEvent[] => events.filter((event) => event.name === name && event.get('Queue') === queue);
  return {
    queue,
    strategy: headerText(params, 'Strategy'),
    calls: countOf(params, 'Calls'),
    max: countOf(params, 'Max'),
    holdTime: countOf(params, 'Holdtime'),
    talkTime: countOf(params, 'TalkTime'),
    completed: countOf(params, 'Completed'),
    abandoned: countOf(params, 'Abandoned'),
    members: own('QueueMember').map(memberOf),
    callers: own('QueueEntry').map(entryOf),
  };
}

function memberOf(event: ManagerEvent): QueueMember {
  return {
    name: event.get('Name') ?? '',
    interface: event.get('Location') ?? event.get('Interface') ?? '',
    penalty: countOf(event, 'Penalty'),
    callsTaken: countOf(event, 'CallsTaken'),
    isInCall: flagOf(event, 'InCall'),
    isPaused: flagOf(event, 'Paused'),
    pausedReason: headerText(event, 'PausedReason'),
    status: countOf(event, 'Status'),
  };
}

function entryOf(event: ManagerEvent): QueueEntry {
  return {
    position: countOf(event, 'Position'),
    channel: event.get('Channel') ?? '',
    uniqueId: event.get('Uniqueid') ?? '',
    callerNumber: headerText(event, 'CallerIDNum'),
    callerName: headerText(event, 'CallerIDName'),
    wait: countOf(event, 'Wait'),
  };
}
