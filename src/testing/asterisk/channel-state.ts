import { callFunction, functionOf, setFunction } from './functions';
import type { AsteriskOptions, SimulatedChannel } from './simulated-channel';
import { substitute } from './substitution';

export function createChannelState(options: AsteriskOptions): SimulatedChannel {
  const variables = new Map(Object.entries(options.variables ?? {}));
  const channel: SimulatedChannel = {
    name: options.channel ?? 'PJSIP/100-00000001',
    uniqueId: options.uniqueId ?? '1700000000.1',
    variables,
    database: new Map(Object.entries(options.database ?? {})),
    console: [],
    keys: [],
    options,
    goesOnAt: {},
    state: options.dead ? 6 : 4,
    callerId: { ...(options.callerId ?? { name: '', number: '' }) },
    dead: options.dead ?? false,
    read(name) {
      const called = functionOf(name);
      return called ? callFunction(called, channel) : variables.get(name);
    },
    write(name, value) {
      const called = functionOf(name);
      if (called) setFunction(called, value, channel);
      // Underscores say that further channels inherit it.
      else variables.set(name.replace(/^__?/, ''), value);
    },
    fill: (template) => substitute(template, (name) => channel.read(name)),
  };
  return channel;
}
