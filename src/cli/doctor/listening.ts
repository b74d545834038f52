import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { addressText, parseTcpTable } from '../../ground/tcp-sockets';
import { readOr } from '../services/system-facts';

/** Somebody who listens at a port. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Undefined if it is another user's, and may not be looked at. */
  readonly process: ListeningProcess | undefined;
}

interface ListeningProcess {
  readonly pid: number;
  readonly name: string;
  readonly since: Date;
}

/** Everybody who listens at a port by TCP. @see proc(5) */
export function listenersAt(port: number): Listener[] {
  const sockets = ['tcp', 'tcp6'].flatMap((kind) => parseSockets(readOr(`/proc/net/${kind}`))).filter((one) => one.port === port);
  if (sockets.length === 0) return [];
  const holders = holdersOf(new Set(sockets.map(({ inode }) => inode)));
  return sockets.map(({ host, inode }) => ({ host, port, process: holders.get(inode) }));
}

interface Socket {
  readonly host: string;
  readonly port: number;
  readonly inode: string;
}

/** The sockets that listen, of /proc/net/tcp or tcp6. */
export function parseSockets(text: string): Socket[] {
  const all = parseTcpTable(text).filter(({ isListening }) => isListening);
  return all.map(({ address, port, inode }) => ({ host: addressText(address), port, inode }));
}

/** The first process of each that holds such a socket: its children may have it, too. */
function holdersOf(inodes: ReadonlySet<string>): Map<string, ListeningProcess> {
  const found = new Map<string, ListeningProcess>();
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number).toSorted((one, other) => one - other)) {
    for (const inode of socketsOf(pid)) if (inodes.has(inode) && !found.has(inode)) found.set(inode, processOf(pid));
  }
  return found;
}

function socketsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const target = linkOr(`/proc/${pid}/fd/${fd}`);
      return target.startsWith('socket:[') ? [target.slice('socket:['.length, -1)] : [];
    });
  } catch {
    return [];
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function processOf(pid: number): ListeningProcess {
  return { pid, name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), since: startOf(pid) };
}

/** When a process began, to the second. */
function startOf(pid: number): Date {
  // The name, in brackets, may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trim().split(' ');
  const booted = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
  return new Date((booted + Number(fields[19]) / 100) * 1000);
}

/** When a file was changed; undefined if it is not there. */
export function changedAt(file: string): Date | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtime;
}
