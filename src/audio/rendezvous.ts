import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { UsageError } from '../ground/errors';
import { createFrameReader, type Frame, type FrameReader } from './wire/frames';

/** A connection that Asterisk made for this call. */
export interface Met {
  readonly socket: Socket;
  readonly reader: FrameReader;
  /** What came behind the call's id. */
  readonly frames: Frame[];
}

/** A port on which Asterisk is awaited for one call. */
export interface Rendezvous {
  /** `HOST:PORT`, as Asterisk takes it. */
  readonly place: string;
  /** Settles when a connection has brought the id; then nobody else is let in. Never rejects. */
  readonly met: Promise<Met>;
  close(): void;
}

/** In ms: so long a connection may take to say whose it is. */
const patience = 2000;
/** So many connections may be about to say it. */
const mostStrangers = 20;

/**
 * @param host the address that Asterisk reaches; if it is none of this machine's, the port is opened on all of them
 * @param id 32 hexadecimal digits
 */
export async function openRendezvous(host: string, id: string): Promise<Rendezvous> {
  let meet: (met: Met) => void = () => undefined;
  const met = new Promise<Met>((resolve) => (meet = resolve));
  const strangers = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    strangers.add(socket);
    const timer = setTimeout(() => socket.destroy(), patience);
    const reader = createFrameReader();
    socket.on('error', () => undefined).on('close', () => strangers.delete(socket));
    socket.once('close', () => clearTimeout(timer));
    socket.on('data', function look(bytes: Buffer) {
      const [first, ...frames] = reader.push(bytes);
      if (!first && socket.bytesRead < longestFirst) return;
      clearTimeout(timer);
      socket.off('data', look);
      if (first?.kind !== 'id' || first.id !== id) {
        socket.destroy();
        return;
      }
      strangers.delete(socket);
      socket.pause();
      close();
      meet({ socket, reader, frames });
    });
  });
  server.maxConnections = mostStrangers;
  const close = (): void => {
    server.close();
    for (const socket of strangers) socket.destroy();
  };
  await listen(server, host);
  const { port } = server.address() as AddressInfo;
  return { place: `${host.includes(':') ? `[${host}]` : host}:${port}`, met, close };
}

/** In bytes: the id is in the first frame. */
const longestFirst = 19;

async function listen(server: Server, host: string): Promise<void> {
  try {
    await listenOn(server, host);
  } catch {
    // Asterisk may know this machine by another address or name than it does itself.
    await listenOn(server, undefined).catch((error: Error) => {
      throw new UsageError('FASTAGI_AUDIO_HOST', `audioSocket: no port can be opened for ${host}: ${error.message}`);
    });
  }
}

function listenOn(server: Server, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject).on('error', () => undefined);
      resolve();
    });
  });
}
