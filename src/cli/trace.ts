import { mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { readSettings, type CommandLineSettings } from '../config/read-settings';
import { ConfigError } from '../ground/errors';
import { isAnswered, listenAt } from '../ground/unix-socket';
import { visible } from '../ground/visible';
import { onSignals } from '../serve/process/events';
import type { CassetteEntry } from '../tape/cassette-text';
import { parseMessage, type TracedCall } from '../tape/trace-text';
import { createTraceOutput, type TraceForm, type TraceOutput } from './trace-output';
import type { CommandEnd } from './start';

/** Which calls are shown; a part of each will do. */
interface TraceFilter {
  readonly channel: string | undefined;
  readonly script: string | undefined;
  readonly peer: string | undefined;
}

export interface TraceOptions extends TraceFilter {
  readonly form: TraceForm;
  /** A directory in which each call is recorded. */
  readonly record: string | undefined;
  /** A file for a page of the first call that is over; then nothing more is shown. */
  readonly html: string | undefined;
}

/** In characters: no process of ours sends a longer line. */
const longestLine = 1_000_000;

/** `fastagi trace`: shows calls as they happen, until it is ended. */
export async function trace(options: TraceOptions, settings: CommandLineSettings, say: (line: string) => void): Promise<CommandEnd> {
  const path = readSettings(settings).fastagi.traceSocket;
  if (options.record !== undefined) mkdirSync(options.record, { recursive: true });
  const output = createTraceOutput(options, say);
  const server = createServer((socket) => watch(socket, options, output));
  try {
    await listen(server, path);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return { status: 111, err: [`fastagi: trace: ${path}: ${(error as Error).message}; ${remedyFor(error)}`] };
  }
  say(`Watching at ${path}; Ctrl-C ends it.`);
  await Promise.race([output.enough, new Promise((resolve) => onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], resolve))]);
  server.close();
  rmSync(path, { force: true });
  return { status: 0 };
}

async function listen(server: Server, path: string): Promise<void> {
  if (await isAnswered(path))
    throw new ConfigError(
      'FASTAGI_TRACE_TAKEN',
      `trace: another fastagi trace watches at ${path}; end it, or name another place: [fastagi] trace_socket`,
    );
  // Scripts of every user have something to show.
  await listenAt(server, path, 0o666);
}

function remedyFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EACCES'
    ? 'only root may watch the calls of all users: sudo fastagi trace'
    : 'name another place: [fastagi] trace_socket';
}

/** What one process says of its call. */
function watch(socket: Socket, filter: TraceFilter, output: TraceOutput): void {
  let text = '';
  let shown: ReturnType<TraceOutput['begin']> | undefined;
  const take = (line: string): void => {
    const message = parseMessage(line);
    if (message?.kind === 'call' && !shown && isWanted(message.call, filter)) shown = output.begin(message.call);
    else if (message?.kind === 'entry' && shown) shown.entry(clean(message.entry));
    else if (message?.kind === 'dropped' && shown) shown.dropped(message.lines);
    // Other calls, and whoever else found the socket.
    else socket.destroy();
  };
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('close', () => shown?.end());
  socket.on('data', (piece: string) => {
    const lines = (text + piece).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (!socket.destroyed) take(line);
    if (text.length > longestLine) socket.destroy();
  });
}

function isWanted({ channel, script, peer }: TracedCall, filter: TraceFilter): boolean {
  const has = (text: string, part: string | undefined): boolean => part === undefined || text.includes(part);
  return has(channel, filter.channel) && has(script, filter.script) && has(peer, filter.peer);
}

/** A line is one line. */
function clean(entry: CassetteEntry): CassetteEntry {
  return { ...entry, text: entry.text.replaceAll('\n', visible('\n')) };
}
