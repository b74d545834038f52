import { once } from 'node:events';
import { connect } from 'node:net';
import { trySettings } from '../config/try-settings';
import type { CommandLineSettings } from '../config/read-settings';
import type { RunningCall, Status } from '../serve/listen/status';
import type { CommandEnd } from './start';

/** What the service answers: its status, and the calls at this moment. */
type Answer = Status & { readonly running: readonly RunningCall[] };

/** Asks a service on its private socket. */
export async function showStatus(options: CommandLineSettings, isJson: boolean): Promise<CommandEnd> {
  const { settings } = trySettings(options);
  const path = settings.fastagi.statusSocket;
  try {
    const answer = await ask(path);
    return { status: 0, out: isJson ? [answer.trim()] : linesOf(JSON.parse(answer) as Answer) };
  } catch (error) {
    return { status: 111, err: [`fastagi: nobody answers on ${path}: ${(error as Error).message}; ${remedyFor(error)}`] };
  }
}

async function ask(path: string): Promise<string> {
  const socket = connect(path);
  let text = '';
  socket.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  await once(socket, 'end');
  return text;
}

function remedyFor(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES') return 'ask as root, or as the user of the workers: sudo fastagi status';
  return 'start the workers (systemctl start fastagi-workers), or name their configuration: fastagi status --config FILE';
}

function linesOf({ version, node, pid, state, uptime, listening, calls, acceptQueue, workers }: Answer): string[] {
  return [
    `${state}, version ${version}, Node ${node}, process ${pid}, for ${time(uptime)}, on ${listening.join(', ')}`,
    '',
    `calls now       ${calls.now} of ${calls.limit} (max_calls)${calls.limitPerPeer > 0 ? `, ${calls.limitPerPeer} from one address (max_calls_per_peer)` : ''}`,
    `calls at most   ${calls.most} at once so far`,
    `calls ended     ${counts(calls.ended)}`,
    `calls refused   ${counts(calls.refused)}`,
    `slow calls      ${calls.slow} (slow_call)`,
    `oldest call     ${calls.oldest ? `${time(calls.oldest.age)}, ${calls.oldest.channel || 'without a request so far'} ${calls.oldest.script}` : 'none'}`,
    `accept queue    ${acceptQueue.now} waiting; ${acceptQueue.overflows} turned away by the kernel since this machine began, on all sockets`,
    '',
    `workers         ${workers.all.length} of ${workers.wanted} wanted, ${workers.limit} at most while some finish their calls`,
    ...workers.all.map(({ pid: worker, state: is, age, calls: own, memory, delay }) =>
      `  ${String(worker).padEnd(8)}${is.padEnd(10)}${String(own).padStart(6)} calls  ${time(age).padEnd(9)}${memory === undefined ? '' : `${memory} MB`.padEnd(9)}${delay === undefined ? '' : `at most ${delay} ms late`}`.trimEnd(),
    ),
  ];
}

function counts(all: Readonly<Record<string, number>>): string {
  const sum = Object.values(all).reduce((one, other) => one + other, 0);
  const each = Object.entries(all).map(([name, count]) => `${name} ${count}`);
  return sum === 0 ? '0' : `${sum}: ${each.join(', ')}`;
}

/** @param seconds a duration */
function time(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
