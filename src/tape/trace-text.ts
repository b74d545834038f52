import { isObject, objectOf } from '../ground/json';
import { isHead, type CassetteEntry, type CassetteHead } from './cassette-text';

/** A call that somebody watches. */
export interface TracedCall {
  readonly channel: string;
  /** As it was asked for. */
  readonly script: string;
  readonly peer: string;
  readonly pid: number;
  readonly head: CassetteHead;
}

/** What a call says to whoever watches it. */
export type TraceMessage =
  | { readonly kind: 'call'; readonly call: TracedCall }
  | { readonly kind: 'entry'; readonly entry: CassetteEntry }
  /** So many lines were not sent, since they would have been waited for. */
  | { readonly kind: 'dropped'; readonly lines: number };

export function messageLine(message: TraceMessage): string {
  return `${JSON.stringify(message)}\n`;
}

/** Takes what came from whatever process. @returns undefined for what is no message */
export function parseMessage(line: string): TraceMessage | undefined {
  const message = objectOf(line);
  if (message?.['kind'] === 'dropped' && isCount(message['lines'])) return { kind: 'dropped', lines: message['lines'] };
  if (message?.['kind'] === 'entry' && isEntry(message['entry'])) return { kind: 'entry', entry: message['entry'] };
  if (message?.['kind'] === 'call' && isCall(message['call'])) return { kind: 'call', call: message['call'] };
  return undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isEntry(value: unknown): value is CassetteEntry {
  return (
    isObject(value) &&
    isCount(value['at']) &&
    typeof value['text'] === 'string' &&
    ['<', '>', '=', '!', '.'].includes(String(value['kind']))
  );
}

function isCall(value: unknown): value is TracedCall {
  const { channel, script, peer, pid, head } = isObject(value) ? value : {};
  return isCount(pid) && isHead(head) && [channel, script, peer].every((text) => typeof text === 'string');
}
