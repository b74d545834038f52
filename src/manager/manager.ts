import { channelActions, type ChannelActions } from './actions/channels';
import { createClient, type ClientOptions, type ClientParts, type ManagerClient } from './client';
import { dahdiActions, type DahdiActions } from './actions/dahdi';
import { monitorActions, type MonitorActions } from './actions/monitor';
import { originateAction, type Originate } from './actions/originate';
import { peerActions, type PeerActions } from './actions/peers';
import { queueActions, type QueueActions } from './actions/queues';
import { systemActions, type SystemActions } from './actions/system';

/** A manager's connection, and what phpagi had ready for it. */
export type Manager = ManagerClient &
  ChannelActions &
  DahdiActions &
  MonitorActions &
  Originate &
  PeerActions &
  QueueActions &
  SystemActions;

export function createManager(options: ClientOptions): { manager: Manager; parts: ClientParts } {
  const parts = createClient(options);
  const { client } = parts;
  const manager = Object.assign(
    client,
    channelActions(client),
    dahdiActions(client),
    monitorActions(client),
    originateAction(parts),
    peerActions(client),
    queueActions(client),
    systemActions(client),
  );
  return { manager, parts };
}
