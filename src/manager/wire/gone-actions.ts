import { ManagerError } from '../../ground/errors';

/** Actions that Asterisk had once, and what does the same now. */
const gone: Readonly<Record<string, string>> = {
  monitor: 'Asterisk has it no more since 21: use mixMonitor()',
  stopmonitor: 'Asterisk has it no more since 21: use stopMixMonitor()',
  changemonitor: 'Asterisk has it no more since 21: stopMixMonitor() and mixMonitor() with the new file',
  queues: 'Asterisk has it no more: use queueStatus(), or command("queue show")',
  setcdruserfield: 'Asterisk has it no more: use setVar() of CDR(userfield)',
  sippeers: 'Asterisk has it no more since 21, which took chan_sip away: use pjsipEndpoints()',
  iaxpeers: 'load chan_iax2',
  iaxpeerlist: 'load chan_iax2',
  queuestatus: 'load app_queue',
  queueadd: 'load app_queue',
  queueremove: 'load app_queue',
  queuereload: 'load app_queue',
  parkedcalls: 'load res_parking',
  mixmonitor: 'load app_mixmonitor',
  stopmixmonitor: 'load app_mixmonitor',
  pjsipshowendpoints: 'load res_pjsip',
  agi: 'load res_agi',
};

/** The error for an action that this Asterisk does not know. */
export function unknownAction(action: string, reply: string): ManagerError {
  const name = action.toLowerCase();
  const remedy = gone[name] ?? (name.startsWith('dahdi') ? 'load chan_dahdi' : 'listCommands() tells what it knows');
  return new ManagerError('FASTAGI_MANAGER_UNKNOWN_ACTION', `${action}: this Asterisk does not know it; ${remedy}`, { action, reply });
}
