export { createAsterisk, type Asterisk } from './testing/asterisk/asterisk';
export type { Clock } from './testing/asterisk/clock';
export { connectCall } from './testing/asterisk/connect-call';
export { environmentOf, type SimulatedRequest } from './testing/asterisk/environment';
export type { AsteriskOptions, SimulatedChannel } from './testing/asterisk/simulated-channel';
export type { ManagerServerOptions } from './testing/manager/client-session';
export { startManagerServer, type ManagerServer } from './testing/manager/manager-server';
export type { ManagerAction, ManagerAnswer, ManagerState } from './testing/manager/manager-state';
export type { ManagerFields, ReceivedAction } from './testing/manager/manager-wire';
