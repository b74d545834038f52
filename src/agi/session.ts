import { ProtocolError } from '../ground/errors';
import { parseReply, valueReply, type Reply } from './reply';

/** What the bytes that Asterisk sends mean, given what was asked. */
export type Awaiting =
  /** An ordinary reply. */
  | { kind: 'reply' }
  /** GET FULL VARIABLE of a text that ends with this fence: the value ends where the fence stands. */
  | { kind: 'fenced'; fence: string }
  /** A reply whose brackets hold a value; `begun` is given as soon as it starts, so that a probe can be sent. */
  | { kind: 'value' }
  /** The answer to a probe, GET FULL VARIABLE of this mark; what stands before belongs to the command before. */
  | { kind: 'probe'; mark: string };

export type Arrival =
  | { kind: 'hangup' }
  | { kind: 'reply'; reply: Reply }
  | { kind: 'begun' }
  /** The probe came back; `before` is what stood before it, without hangup notices. */
  | { kind: 'probed'; before: string };

export interface Session {
  push(bytes: string): void;
  /** The next thing that has arrived whole, or undefined. */
  next(awaiting: Awaiting): Arrival | undefined;
  /** Whether bytes are left that make no whole line yet. */
  readonly partial: boolean;
}

/** No reply is longer; a peer that sends more without an end is no Asterisk. */
export const longestReply = 1_048_576;

const valueStart = '200 result=1 (';
/** What says that the caller hung up, at the beginning of a line; some releases of Asterisk glue it to the next reply. */
export const notice = /^HANGUP(?=\n|\d{3}[ -])\n?/;
const trailingNotices = /(?:HANGUP\n?)+$/;

/** Takes Asterisk's bytes apart. Knows no sockets and sends nothing. */
export function createSession(): Session {
  let buffer = '';
  let searched = 0;

  const take = (length: number): string => {
    const taken = buffer.slice(0, length);
    buffer = buffer.slice(length);
    searched = 0;
    return taken;
  };

  const find = (text: string, from = 0): number => {
    const at = buffer.indexOf(text, Math.max(from, searched - text.length));
    if (at < 0) searched = buffer.length;
    return at;
  };

  const reply = (): Arrival | undefined => {
    if (/^\d{3}-/.test(buffer)) return block();
    const end = find('\n');
    if (end < 0) return undefined;
    return { kind: 'reply', reply: parseReply(checked(take(end + 1).slice(0, -1)), false) };
  };

  const block = (): Arrival | undefined => {
    const end = buffer.indexOf(`\n${buffer.slice(0, 3)} `);
    const close = end < 0 ? -1 : buffer.indexOf('\n', end + 1);
    if (close < 0) return undefined;
    return { kind: 'reply', reply: parseReply(take(close + 1).slice(0, -1), false) };
  };

  const hangupNotice = (): Arrival | undefined => {
    const found = notice.exec(buffer);
    if (!found) return undefined;
    take(found[0].length);
    return { kind: 'hangup' };
  };

  // 1xx says that the real reply is still to come.
  const skipProvisional = (): void => {
    for (let end = 0; /^1\d\d[ -]/.test(buffer); take(end + 1)) {
      end = buffer.indexOf('\n');
      if (end < 0) return;
    }
  };

  const probed = (mark: string): Arrival | undefined => {
    const answer = `${valueStart}${mark})\n`;
    const at = find(answer);
    if (at < 0) return undefined;
    const before = take(at + answer.length).slice(0, at);
    const notices = trailingNotices.exec(before);
    if (!notices) return { kind: 'probed', before };
    // The notice is told first, then the probe's answer once more.
    buffer = before.slice(0, notices.index) + answer + buffer;
    return { kind: 'hangup' };
  };

  return {
    push(bytes) {
      buffer += bytes;
      if (buffer.length <= longestReply) return;
      throw new ProtocolError('FASTAGI_REPLY_LARGE', `a reply is larger than ${longestReply} bytes: this is no Asterisk`);
    },
    next(awaiting) {
      if (awaiting.kind === 'probe') return probed(awaiting.mark);
      skipProvisional();
      const hangup = hangupNotice();
      if (hangup) return hangup;
      if (awaiting.kind === 'reply' || !mayBe(buffer, valueStart)) return reply();
      if (buffer.length < valueStart.length) return undefined;
      if (awaiting.kind === 'value') return buffer.includes('\n') ? { kind: 'begun' } : undefined;
      const end = find(`${awaiting.fence})\n`, valueStart.length);
      if (end < 0) return undefined;
      const value = buffer.slice(valueStart.length, end);
      take(end + awaiting.fence.length + 2);
      return { kind: 'reply', reply: valueReply(value) };
    },
    get partial() {
      return buffer !== '';
    },
  };
}

function mayBe(buffer: string, start: string): boolean {
  return buffer.length < start.length ? start.startsWith(buffer) : buffer.startsWith(start);
}

function checked(line: string): string {
  if (/^\d{3}(?: |$)/.test(line)) return line;
  throw new ProtocolError(
    'FASTAGI_REPLY_MALFORMED',
    `Asterisk's answer is no reply: ${JSON.stringify(line.slice(0, 80))}; something else than Asterisk is at the other end`,
  );
}
