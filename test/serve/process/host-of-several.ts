import { createServer, type AddressInfo } from 'node:net';
import type { Host } from '../../../src/call/host';
import { serveCall } from '../../../src/call/serve-call';
import { defaultSettings } from '../../../src/config/read-settings';
import { labelled, type Log } from '../../../src/ground/log';
import { loadScript } from '../../../src/script/load';
import { networkCall } from '../../../src/call/network-call';
import { guardedCalls } from '../../../src/serve/process/calls-apart';
import { cleanConsole } from '../../../src/serve/process/console';
import { withoutExperimental } from '../../../src/serve/process/warnings';
import { connectionOf } from '../../support/socket-connection';

/*
 * A process that serves every call on a port of its own, as workers will. Its log is standard error; a line `port N` and, for each call,
 * a line `came to STATUS` are in it.
 */

const { stderr } = process;
const { write } = stderr;
const print = (line: string): void => void Reflect.apply(write, stderr, [`${line}\n`]);
const log: Log = { info: print, warn: print, error: print };

const current = guardedCalls(log, cleanConsole);

const host: Host = {
  settings: defaultSettings({ basedir: process.argv[2] ?? '' }),
  settingsError: undefined,
  log: (label) => (label === '' ? log : labelled(log, label)),
  admit: async () => 'here',
  load: ({ path }) => withoutExperimental(() => loadScript(path)),
  contain: (call, run) => current.run(call, run),
  manager: () => ({ open: () => Promise.reject(new Error('there is no manager here')), close: async () => undefined }),
};

const server = createServer({ pauseOnConnect: true }, (socket) => {
  const call = { kind: networkCall, host, connection: connectionOf(socket), begun: Date.now(), afterwards: [] };
  void serveCall(call).then((outcome) => print(`came to ${outcome?.status}`));
});
server.listen(0, '127.0.0.1', () => print(`port ${(server.address() as AddressInfo).port}`));
