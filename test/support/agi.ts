import { createCommands, type Commands } from '../../src/agi/agi';
import type { Channel } from '../../src/agi/channel';
import type { Log } from '../../src/ground/log';
import { requestOf } from './request';

export const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The commands on a channel whose other end the test plays. */
export const agiOn = (channel: Channel): Commands =>
  createCommands({ channel, request: requestOf(), args: [], config: {}, audio: () => undefined, log: quiet });
