import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { Connection, Receiver } from '../../../src/call/connection';
import type { Host } from '../../../src/call/host';
import { serveCall } from '../../../src/call/serve-call';
import { defaultSettings } from '../../../src/config/read-settings';
import { labelled, type Log } from '../../../src/ground/log';
import { loadScript } from '../../../src/script/load';
import { networkCall } from '../../../src/serve/once/network-call';
import { callsApart } from '../../../src/serve/process/calls-apart';
import { cleanConsole } from '../../../src/serve/process/console';
import { catchExit } from '../../../src/serve/process/exit';
import { watchUncaught } from '../../../src/serve/process/uncaught';
import { withoutExperimental } from '../../../src/serve/process/warnings';

/*
 * A process that serves every call on a port of its own, as workers will. Its log is standard error; a line `port N` and, for each call,
 * a line `came to STATUS` are in it.
 */

const { stderr } = process;
const { write } = stderr;
const print = (line: string): void => void Reflect.apply(write, stderr, [`${line}\n`]);
const log: Log = { info: print, warn: print, error: print };

const current = callsApart();
cleanConsole(() => current.get()?.log ?? log);
catchExit(current);
watchUncaught(current, log);

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

/** What waits until somebody asks is the first of it. */
function connectionOf(socket: Socket): Connection {
  let receiver: Receiver | undefined;
  socket.on('error', () => undefined);
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const bytes = socket.read() as Buffer | null;
      if (bytes) return bytes.toString('latin1');
      if (socket.readableEnded || socket.destroyed) return undefined;
      await new Promise<void>((resolve) => socket.once('readable', () => resolve()).once('close', () => resolve()));
    }
  };
  return {
    read: next,
    attach(to) {
      const before = receiver;
      receiver = to;
      if (before) return before;
      socket.removeAllListeners('readable');
      socket.on('data', (bytes: Buffer) => receiver?.receive(bytes.toString('latin1')));
      for (const event of ['end', 'error', 'close']) socket.on(event, () => receiver?.end());
      socket.resume();
      return undefined;
    },
    write: (bytes) => socket.write(bytes, 'latin1'),
    drained: async () => undefined,
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    peer: () => socket.remoteAddress,
    close: () => new Promise<void>((resolve) => void socket.end(() => resolve())),
  };
}
