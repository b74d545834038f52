export { createAsterisk, type Asterisk, type Clock } from './asterisk';
export { connectCall } from './connect-call';
export { environmentOf, type CallFacts } from './environment';
export type { AsteriskOptions, SimulatedChannel } from './simulated-channel';
