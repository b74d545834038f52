import type { Host } from '../call/host';
import type { CallKind } from '../call/kind';
import type { Settings } from '../config/settings';
import { UsageError } from '../ground/errors';
import { silent } from '../ground/log';
import type { Secrets } from '../ground/secrets';

/** How a call comes of which only the script is known. @param name as it was asked for @param path its file, or what stands for it */
export function kindOf(name: string, path = name, args?: readonly string[]): CallKind {
  const located = { path, name, uid: 0, gid: 0, isProgram: false };
  return { network: true, nameOf: () => name, locate: () => located, ...(args && { args }) };
}

/** The place of a call that has only its script: nobody is refused, and it is neither recorded nor watched. @param load gives the script's function */
export function hostOf(load: Host['load'], settings: Settings, secrets?: () => Secrets): Host {
  const noManager = (): Promise<never> =>
    Promise.reject(new UsageError('FASTAGI_TEST_MANAGER', 'manager: there is none in a test; give the script what it needs'));
  return {
    settings: { ...settings, fastagi: { ...settings.fastagi, allow: [], proxyProtocol: [], record: undefined, traceSocket: '' } },
    settingsError: undefined,
    log: () => silent,
    admit: async () => 'here',
    load,
    contain: (_call, run) => run(),
    manager: () => ({ open: noManager, close: () => Promise.resolve() }),
    ...(secrets && { secrets }),
  };
}
