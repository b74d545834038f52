/** What Asterisk numbers from 0 on. */
export const channelStates = [
  'down',
  'reserved',
  'offHook',
  'dialing',
  'ring',
  'ringing',
  'up',
  'busy',
  'dialingOffHook',
  'preRing',
] as const;

/** What a channel is doing. */
export type ChannelState = (typeof channelStates)[number];
