import { channelActions, type ChannelActions } from './actions/channels';
import { dahdiActions, type DahdiActions } from './actions/dahdi';
import { databaseActions, type DatabaseActions } from './actions/database';
import { mailboxActions, type MailboxActions } from './actions/mailboxes';
import { monitorActions, type MonitorActions } from './actions/monitor';
import { originateAction, type Originate } from './actions/originate';
import { peerActions, type PeerActions } from './actions/peers';
import { queueActions, type QueueActions } from './actions/queues';
import { systemActions, type SystemActions } from './actions/system';
import { createClient, type ClientParts, type ManagerClient } from './client';
import type { LinkOptions } from './stay-connected';

/** A manager's connection, and what phpagi had ready for it. */
export type Manager = ManagerClient &
  ChannelActions &
  DahdiActions &
  DatabaseActions &
  MailboxActions &
  MonitorActions &
  Originate &
  PeerActions &
  QueueActions &
  SystemActions;

/** Is not connected yet. */
export function createManager(options: LinkOptions): { manager: Manager; parts: ClientParts } {
  const parts = createClient(options);
  const { client } = parts;
  const methods = [
    channelActions(client),
    dahdiActions(client),
    databaseActions(client),
    mailboxActions(client),
    monitorActions(client),
    originateAction(parts),
    peerActions(client),
    queueActions(client),
    systemActions(parts),
  ] as const;
  return { manager: Object.assign(client, ...methods) as Manager, parts };
}
