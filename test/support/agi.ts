import { createCommands, type Commands } from '../../src/agi/agi';
import type { Channel } from '../../src/agi/channel';
import { silent } from '../../src/ground/log';
import { requestOf } from './request';

/** The commands on a channel whose other end the test plays. */
export const agiOn = (channel: Channel): Commands =>
  createCommands({ channel, request: requestOf(), args: [], config: {}, audio: () => undefined, log: silent });
