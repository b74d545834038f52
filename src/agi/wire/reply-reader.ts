import { ProtocolError } from '../../ground/errors';
import { createLines } from './lines';
import { probeAnswer } from './mark';
import { withoutNotices } from './notice';
import { parseReply, valueReply, type Reply } from './reply';

/** What the bytes that Asterisk sends mean, given what was asked. */
export type Awaiting =
  /** An ordinary reply. */
  | { kind: 'reply' }
  /** GET FULL VARIABLE of a text that ends with this fence: the value ends where the fence stands. */
  | { kind: 'fenced'; fence: string }
  /** A reply that holds foreign text, in its brackets or behind them; `begun` is given as soon as it starts, so that a probe can be sent. */
  | { kind: 'value' | 'speech' }
  /** The answer to a probe, GET FULL VARIABLE of this mark; what stands before belongs to the command before. */
  | { kind: 'probe'; mark: string; isValue: boolean };

export type Arrival =
  | { kind: 'hangup' }
  | { kind: 'reply'; reply: Reply }
  /** A value has begun whose end only a probe can show. */
  | { kind: 'begun' }
  /** The probe came back; `before` is what stood before it, without hangup notices. */
  | { kind: 'probed'; before: string; hungUp: boolean };

export interface ReplyReader {
  /** Throws ProtocolError where no reply can be that long. */
  push(bytes: string): void;
  /** The next thing that has arrived whole, or undefined. Throws ProtocolError for what is no reply. */
  next(awaiting: Awaiting): Arrival | undefined;
  /** Whether a reply of several lines has begun, and its last line is not here. */
  readonly isBlockOpen: boolean;
  /** Forgets what has come. */
  clear(): void;
}

/** No reply is longer; a peer that sends more without an end is no Asterisk. */
export const longestReply = 1_048_576;

const valueStart = '200 result=1 (';
const speechStart = '200 result=1 (speech) ';
const blockStart = /^\d{3}-/;

/** Takes Asterisk's bytes apart, line by line. Knows no sockets and sends nothing. */
export function createReplyReader(): ReplyReader {
  let lines = createLines();
  /** The lines so far of a reply that has more of them. */
  let held: string[] = [];
  let heldSize = 0;
  let isFirst = true;

  const hold = (line: string): void => {
    held.push(line);
    heldSize += line.length + 1;
  };

  const release = (): string[] => {
    const whole = held;
    held = [];
    heldSize = 0;
    isFirst = false;
    return whole;
  };

  const reply = (parsed: Reply): Arrival => {
    isFirst = false;
    return { kind: 'reply', reply: parsed };
  };

  /** A line that stands where a reply should begin. */
  const begin = (line: string, awaiting: Awaiting): Arrival | undefined => {
    const rest = withoutNotices(line);
    if (rest !== undefined) {
      if (rest !== '') lines.putBack(rest);
      return { kind: 'hangup' };
    }
    if (isToBePassedOver(line)) return undefined;
    const isBlock = blockStart.test(line);
    if (!isBlock && (awaiting.kind === 'reply' || !line.startsWith(awaiting.kind === 'speech' ? speechStart : valueStart))) {
      return reply(parseReply(checked(line), false));
    }
    hold(line);
    return !isBlock && (awaiting.kind === 'value' || awaiting.kind === 'speech') ? { kind: 'begun' } : end(awaiting);
  };

  /** Between replies come empty lines; before the first one what was left of an environment whose values held newlines. */
  const isToBePassedOver = (line: string): boolean => line === '' || /^1\d\d[ -]/.test(line) || (isFirst && line.startsWith('agi_'));

  /** The reply that is held, if its last line is here. */
  const end = (awaiting: Awaiting): Arrival | undefined => {
    const last = held.at(-1) ?? '';
    if (awaiting.kind === 'fenced' && !blockStart.test(held[0] ?? '')) {
      const close = `${awaiting.fence})`;
      if (!last.endsWith(close)) return undefined;
      return reply(valueReply(release().join('\n').slice(valueStart.length, -close.length)));
    }
    const code = (held[0] ?? '').slice(0, 3);
    // Some releases glue the last line to the text before it.
    if ((held.length > 1 && last.startsWith(`${code} `)) || last.endsWith(`${code} End of proper usage.`)) {
      return reply(parseReply(release().join('\n'), false));
    }
    return undefined;
  };

  const next = (awaiting: Awaiting): Arrival | undefined => {
    for (let line = lines.take(); line !== undefined; line = lines.take()) {
      if (held.length > 0) hold(line);
      const arrival = held.length > 0 ? end(awaiting) : begin(line, awaiting);
      if (arrival) return arrival;
    }
    return undefined;
  };

  const probed = ({ mark, isValue }: { mark: string; isValue: boolean }): Arrival | undefined => {
    const answer = probeAnswer(mark);
    for (let line = lines.take(); line !== undefined; line = lines.take()) {
      if (!line.endsWith(answer)) {
        hold(line);
        continue;
      }
      if (line.length > answer.length) hold(line.slice(0, -answer.length));
      return { kind: 'probed', ...(isValue ? valueBefore(release()) : repliesBefore(release())) };
    }
    return undefined;
  };

  return {
    push(bytes) {
      lines.push(bytes);
      if (lines.size + heldSize <= longestReply) return;
      throw new ProtocolError('FASTAGI_REPLY_LARGE', `a reply is larger than ${longestReply} bytes: this is no Asterisk`);
    },
    next(awaiting) {
      return awaiting.kind === 'probe' ? probed(awaiting) : next(awaiting);
    },
    get isBlockOpen() {
      return blockStart.test(held[0] ?? '');
    },
    clear() {
      lines = createLines();
      release();
    },
  };
}

/** The lines of a value, which may look like anything; notices stand behind it only. */
function valueBefore(lines: string[]): { before: string; hungUp: boolean } {
  let end = lines.length;
  while (end > 0 && withoutNotices(lines[end - 1] ?? '') === '') end -= 1;
  return { before: lines.slice(0, end).join('\n'), hungUp: end < lines.length };
}

/** Replies, with a notice before, between or behind them. */
function repliesBefore(lines: string[]): { before: string; hungUp: boolean } {
  const rests = lines.map(withoutNotices);
  const own = lines.map((line, index) => rests[index] ?? line).filter((line) => line !== '');
  return { before: own.join('\n'), hungUp: rests.some((rest) => rest !== undefined) };
}

function checked(line: string): string {
  if (/^\d{3}(?: |$)/.test(line)) return line;
  throw new ProtocolError(
    'FASTAGI_REPLY_MALFORMED',
    // Not what it holds: that may be the end of a secret value.
    `Asterisk's answer is no reply, but ${line.length} bytes of something else: something else than Asterisk may be at the other end`,
  );
}
