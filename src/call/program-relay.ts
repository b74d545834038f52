import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { signalGroup } from '../ground/process-group';
import { createNoticeFilter } from '../agi/wire/notice-filter';
import type { Run } from './run';

/** The wire between Asterisk and a program. Whoever does not read makes the other wait. */
export interface Relay {
  /** Whether the program has begun a line and not ended it. */
  inLine(): boolean;
  hungUp(): boolean;
  stop(): void;
}

/** In s: a program that leaves Asterisk's words unread for so long is told that the caller hung up, which could not be seen either. */
const longestUnread = 60;
const longestLine = 8192;

export function relay(path: string, { call, connection, log }: Run, child: ChildProcessWithoutNullStreams): Relay {
  const grace = call.host.settings.fastagi.hangupGrace;
  const notices = createNoticeFilter();
  let hungUp = false;
  let stopped = false;
  let last = '\n';
  let errors = '';
  const timers = new Set<NodeJS.Timeout>();
  const after = (seconds: number, act: () => void): NodeJS.Timeout => {
    const timer = setTimeout(act, seconds * 1000);
    timers.add(timer);
    return timer;
  };

  const hangUp = (): void => {
    if (hungUp || stopped) return;
    hungUp = true;
    signalGroup(child, 'SIGHUP');
    after(grace, () => {
      log.warn(`${path} had not ended ${grace} s after the caller hung up, and was ended (hangup_grace)`);
      signalGroup(child, 'SIGTERM');
    });
    after(grace + 5, () => signalGroup(child, 'SIGKILL'));
  };

  const toProgram = (bytes: string): void => {
    // Bun writes a text as UTF-8 here, whatever it is told.
    if (!child.stdin.writable || child.stdin.write(Buffer.from(bytes, 'latin1'))) return;
    connection.pause();
    const unread = after(longestUnread, hangUp);
    const goOn = (): void => {
      clearTimeout(unread);
      connection.resume();
    };
    child.stdin.once('drain', goOn).once('close', goOn);
  };

  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (bytes: Buffer) => {
    if (stopped) return;
    const text = bytes.toString('latin1');
    last = text.at(-1) ?? last;
    if (connection.write(text, false)) return;
    child.stdout.pause();
    void connection.drained().then(() => child.stdout.resume());
  });
  child.stderr.on('data', (bytes: Buffer) => {
    const lines = (errors + String(bytes)).split('\n');
    errors = lines.pop() ?? '';
    // A line without end is shown in pieces.
    if (errors.length > longestLine) {
      lines.push(errors);
      errors = '';
    }
    for (const line of lines) log.warn(line);
  });
  const before = connection.attach({
    receive(bytes) {
      const { rest, hungUp: isNotified } = notices.push(bytes);
      if (rest !== '') toProgram(rest);
      if (isNotified) hangUp();
    },
    end() {
      before?.end();
      hangUp();
      child.stdin.end();
    },
  });
  return {
    inLine: () => last !== '\n',
    hungUp: () => hungUp,
    stop() {
      stopped = true;
      if (before) connection.attach(before);
      for (const timer of timers) clearTimeout(timer);
      connection.resume();
      if (errors !== '') log.warn(errors);
    },
  };
}
