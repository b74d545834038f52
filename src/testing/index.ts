export { createAsterisk, type Asterisk, type Clock } from './asterisk';
export { connectCall } from './connect-call';
export { environmentOf, type CallFacts } from './environment';
export type { AsteriskOptions, SimulatedChannel } from './simulated-channel';
export type { ManagerServerOptions } from './manager-client-session';
export { startManagerServer, type ManagerServer } from './manager-server';
export type { ManagerAction, ManagerAnswer, ManagerState } from './manager-state';
export type { ManagerFields, ReceivedAction } from './manager-wire';
