import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { basename, dirname, resolve } from 'node:path';
import type { CommandLineSettings } from '../../config/read-settings';
import { ConfigError } from '../../ground/errors';
import { ownCommand } from '../../ground/own-command';
import type { Destination } from '../../testing/dial';

/** What `fastagi call` calls. */
export interface Target extends Destination {
  close(): void;
  /** Settles when the program that was started for it has ended, if one was. */
  readonly ended: Promise<unknown>;
}

const usualPort = 4573;

/**
 * `agi://host[:port]/script?query`, or a script's file, for which this program is started as a super-server would.
 * @throws ConfigError for what is neither
 */
export async function targetOf(text: string, settings: CommandLineSettings): Promise<Target> {
  if (/^agi:\/\//i.test(text)) return { ...destinationOf(text), close: () => undefined, ended: Promise.resolve() };
  if (!existsSync(text))
    throw new ConfigError('FASTAGI_CALL_TARGET', `call: ${text} is neither a script's file nor an address such as agi://127.0.0.1/menu`);
  return startFor(realpathSync(text), settings);
}

function destinationOf(text: string): Destination {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const script = url && `${url.pathname.slice(1)}${url.search}`;
  if (!url || script === '')
    throw new ConfigError('FASTAGI_CALL_TARGET', `call: ${text} names no script: write agi://HOST[:PORT]/SCRIPT, as in the dialplan`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, port: url.port === '' ? usualPort : Number(url.port), script: script ?? '' };
}

/** Made, if it is not there: whoever calls by hand wants a recording. */
function directoryFor(record: string): string {
  mkdirSync(record, { recursive: true });
  return resolve(record);
}

/** One connection, on which the program is started. */
async function startFor(file: string, { config, setuid, debug, record }: CommandLineSettings): Promise<Target> {
  const options = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(setuid === undefined ? [] : [setuid ? '--setuid' : '--no-setuid']),
    ...(debug ? ['--debug'] : []),
    ...(record === undefined ? [] : ['--record', directoryFor(record)]),
    '--basedir',
    dirname(file),
  ];
  let told: (value?: unknown) => void = () => undefined;
  const ended = new Promise((resolve) => (told = resolve));
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    server.close();
    const [program, ...own] = ownCommand();
    const child = spawn(program, [...own, ...options], { stdio: [socket, socket, 'inherit'] });
    child.once('spawn', () => socket.destroy());
    child.once('error', () => socket.destroy());
    child.once('close', told);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port, script: basename(file), close: () => server.close(), ended };
}
