import { createChannel } from '../../src/agi/channel';
import { quiet } from './agi';
import { requestOf } from './request';
import { settingsOf } from './settings';
import type { Sections } from '../../src/config/settings';
import { createCallAgi, type Agi } from '../../src/call/agi';
import { createAsterisk, type Asterisk, type AsteriskOptions, type Clock } from '../../src/testing';

export interface SimulatedCall {
  agi: Agi;
  asterisk: Asterisk;
  /** Does something when so many ms have passed. Time passes by itself, as fast as it can. */
  at(ms: number, action: () => void): void;
}

/** A script's object with the simulated Asterisk at its other end, in a time of its own. */
export function simulatedCall(options: AsteriskOptions = {}, sections: Sections = {}, request: Record<string, string> = {}): SimulatedCall {
  const clock = virtualClock();
  const channel = createChannel({ write: (bytes) => asterisk.feed(bytes) });
  const asterisk = createAsterisk((bytes) => queueMicrotask(() => channel.receive(bytes)), options, clock);
  const agi = createCallAgi({
    channel,
    request: requestOf(request),
    args: [],
    config: settingsOf(sections),
    audio: () => undefined,
    openManager: () => Promise.reject(new Error('there is no manager here')),
    release: () => Promise.reject(new Error('nothing is released here')),
    log: quiet,
  });
  return { agi, asterisk, at: (ms, action) => void clock.after(ms, action) };
}

function virtualClock(): Clock {
  let now = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const pass = (): void => {
    const next = [...timers].toSorted((one, other) => one.at - other.at)[0];
    if (!next) return;
    timers.delete(next);
    now = next.at;
    next.callback();
    if (timers.size > 0) setImmediate(pass);
  };
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.add(timer);
      if (timers.size === 1) setImmediate(pass);
      return () => void timers.delete(timer);
    },
  };
}
