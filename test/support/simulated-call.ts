import { createChannel } from '../../src/agi/channel';
import { silent } from '../../src/ground/log';
import { requestOf } from './request';
import { settingsOf } from './settings';
import type { Sections } from '../../src/config/settings';
import { createCallAgi, type Agi } from '../../src/call/agi';
import { createAsterisk, type Asterisk, type AsteriskOptions } from '../../src/testing';
import { hurriedClock } from '../../src/testing/asterisk/clock';

export interface SimulatedCall {
  agi: Agi;
  asterisk: Asterisk;
  /** Does something when so many ms have passed. Time passes by itself, as fast as it can. */
  at(ms: number, action: () => void): void;
}

/** A script's object with the simulated Asterisk at its other end, in a time of its own. */
export function simulatedCall(options: AsteriskOptions = {}, sections: Sections = {}, request: Record<string, string> = {}): SimulatedCall {
  const clock = hurriedClock();
  const channel = createChannel({ write: (bytes) => asterisk.feed(bytes) });
  const asterisk = createAsterisk((bytes) => queueMicrotask(() => channel.receive(bytes)), options, clock);
  const agi = createCallAgi({
    channel,
    request: requestOf(request),
    args: [],
    config: settingsOf(sections),
    audio: () => undefined,
    openManager: () => Promise.reject(new Error('there is no manager here')),
    audioSocket: () => Promise.reject(new Error('no audio here')),
    release: () => Promise.reject(new Error('nothing is released here')),
    log: silent,
  });
  return { agi, asterisk, at: (ms, action) => void clock.after(ms, action) };
}
