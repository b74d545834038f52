import { lookup } from 'node:dns/promises';
import { readlinkSync } from 'node:fs';
import { isIP } from 'node:net';
import { ConfigError } from '../../ground/errors';
import { tcpSockets, type TcpSocket } from '../../ground/tcp-sockets';
import type { SocketSource } from './porter-messages';

/** Where to listen, as the command line has it. */
export interface Addresses {
  readonly hosts: readonly string[];
  readonly port: number | undefined;
}

const defaults = { host: '127.0.0.1', port: 4573 };
/** systemd's first one. @see sd_listen_fds(3) */
const firstHanded = 3;

/**
 * The sockets to listen on: those that systemd hands over, else the one on standard input that xinetd or inetd hands over, else our own.
 * Throws ConfigError for what is none.
 */
export async function findSockets({ hosts, port }: Addresses, environment: NodeJS.ProcessEnv): Promise<SocketSource[]> {
  const isOwn = hosts.length > 0 || port !== undefined;
  const handed = handedBySystemd(environment);
  // A pipe that somebody else made of two sockets is none.
  if (handed.length === 0 && !isOwn && socketOn(0)) handed.push(0);
  if (handed.length > 0 && isOwn)
    throw wrong('a socket was handed over, and --host and --port name others: take them out of the command line');
  for (const fd of handed) if (!listensOn(fd)) throw notListening(fd);
  if (handed.length > 0) return handed.map((fd) => ({ fd }));
  const found = (hosts.length > 0 ? hosts : [defaults.host]).map(async (host) => {
    const address = isIP(host) ? host : await addressOf(host);
    return { host: address, port: port ?? defaults.port, ipv6Only: isIP(address) === 6 && address !== '::' };
  });
  return Promise.all(found);
}

/** Takes what systemd says out of the environment: it is not for a child. */
function handedBySystemd(environment: NodeJS.ProcessEnv): number[] {
  const { LISTEN_FDS: count, LISTEN_PID: pid } = environment;
  for (const name of ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']) delete environment[name];
  // A process that was started in the one that systemd started is still meant.
  if (count === undefined || (Number(pid) !== process.pid && Number(pid) !== process.ppid)) return [];
  return Array.from({ length: Number(count) || 0 }, (_, index) => firstHanded + index);
}

async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (cause) {
    throw wrong(`--host ${host} is no address of this machine: ${(cause as Error).message}`);
  }
}

/** The TCP socket that a descriptor is; undefined for whatever else it is. */
function socketOn(fd: number): TcpSocket | undefined {
  let link;
  try {
    link = readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
  return tcpSockets().find(({ inode }) => link === `socket:[${inode}]`);
}

export const listensOn = (fd: number): boolean => socketOn(fd)?.isListening ?? false;

function notListening(fd: number): ConfigError {
  if (fd === 0)
    return wrong(
      'standard input is a connection, not a listening socket: write `wait = yes` in the service file (inetd: `wait`), or take `listen` out of it',
    );
  return wrong(
    `descriptor ${fd}, which systemd handed over, is no listening TCP socket: write ListenStream= and Accept=no in the socket unit`,
  );
}

function wrong(message: string): ConfigError {
  return new ConfigError('FASTAGI_LISTEN', `listen: ${message}`);
}
