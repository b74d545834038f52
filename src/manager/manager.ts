import { channelActions, type ChannelActions } from './channel-actions';
import { createClient, type ClientOptions, type ClientParts, type ManagerClient } from './client';
import { dahdiActions, type DahdiActions } from './dahdi-actions';
import { monitorActions, type MonitorActions } from './monitor-actions';
import { originateAction, type Originate } from './originate';
import { peerActions, type PeerActions } from './peer-actions';
import { queueActions, type QueueActions } from './queue-actions';
import { systemActions, type SystemActions } from './system-actions';

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
