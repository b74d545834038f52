import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { until } from './waiting';

/** A FastAGI connection without any library of ours: lines go out, and what comes back is given as it came. */
export interface RawCall {
  readonly environment: string;
  /** Sends a line, while nothing else is under way, and gives all that Asterisk answers to it, however many replies it is. */
  command(line: string): Promise<string>;
  /** Sends a line without waiting for anything. */
  write(line: string): void;
  /** Waits until what has arrived since the last answer is all of this, in the given form, and takes it. */
  arrival(whole: string, form: (text: string) => string): Promise<void>;
  close(): void;
}

/** Takes the server's end of a connection and reads the environment. */
async function rawCall(stream: Duplex): Promise<RawCall> {
  let unread = '';
  let ended = false;
  stream.on('data', (chunk: Buffer) => (unread += chunk.toString('latin1')));
  stream.on('error', () => (ended = true));
  stream.on('close', () => (ended = true));
  stream.on('end', () => (ended = true));

  const arrived = (pattern: RegExp) =>
    until(
      `${String(pattern)} on the connection`,
      () => {
        const found = pattern.exec(unread)?.[0];
        if (found === undefined && ended) throw new Error(`the connection ended at ${JSON.stringify(unread)}`);
        return found;
      },
      30,
      () => JSON.stringify(unread),
    );
  const takeUpTo = async (pattern: RegExp) => {
    const end = await arrived(pattern);
    const taken = unread.slice(0, unread.search(pattern));
    unread = unread.slice(taken.length + end.length);
    return taken;
  };
  const write = (line: string) => {
    stream.write(Buffer.from(line + '\n', 'latin1'));
  };

  return {
    environment: await takeUpTo(/(?<=\n)\n/),
    async command(line) {
      write(line);
      // A reply has begun: only then the probe, as any line ends a playback. The probe's answer ends whatever came before.
      await arrived(/^(?:HANGUP\n|1\d\d [^\n]*\n)*(?:HANGUP)?([2-9]\d\d)(?: [^\n]*\n|-[^]*\n\1 [^\n]*\n)/);
      const mark = `mark-${randomBytes(8).toString('hex')}`;
      write(`GET FULL VARIABLE ${mark}`);
      return takeUpTo(new RegExp(`200 result=1 \\(${mark}\\)\\n`));
    },
    write,
    async arrival(whole, form) {
      await until(
        JSON.stringify(whole),
        () => (form(unread) === whole ? true : undefined),
        10,
        () => `arrived: ${JSON.stringify(form(unread))}`,
      );
      unread = '';
    },
    close: () => {
      stream.end();
    },
  };
}

/** A FastAGI server that hands its connections to the test. */
export async function rawServer(): Promise<{ port: number; nextCall(): Promise<RawCall>; close(): void }> {
  const waiting: Promise<RawCall>[] = [];
  const server = createServer((socket) => waiting.push(rawCall(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    nextCall: async () => await until('a FastAGI connection', () => waiting.shift()),
    close: () => {
      server.close();
    },
  };
}
