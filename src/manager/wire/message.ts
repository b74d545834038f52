import { decodeText } from '../../ground/text';
import { unescapedPairs } from './escapes';
import type { Header, RawHeader } from './header';
import { nameAndValue } from './header-values';

/** What ends the output of a command where Asterisk is older than 14; its lines stand bare in the message. */
export const oldOutputEnd = '--END COMMAND--';
export const oldOutputStart = /^Response: ?Follows\r?\n/i;

const early = {
  Event: { first: 'Event: ', pattern: /(?:^|\n)Event: ?([^\n]*)/i },
  Response: { first: 'Response: ', pattern: /(?:^|\n)Response: ?([^\n]*)/i },
  ActionID: { first: 'ActionID: ', pattern: /(?:^|\n)ActionID: ?([^\n]*)/i },
};

/**
 * A message of Asterisk: an event, an item of a list, or the answer to an action. Headers are found however their names are capitalised.
 * A class, as thousands come in a burst and share its methods; none is taken apart before somebody asks.
 */
export class Message {
  readonly #bytes: string;
  #text: string | undefined;
  #written: readonly RawHeader[] | undefined;
  #headers: readonly Header[] | undefined;

  /** @param bytes the message without the empty line that ends it, a byte a character */
  constructor(bytes: string) {
    this.#bytes = bytes;
  }

  /** The event (`Hangup`), or what became of an action (`Success`, `Error`, `Goodbye`). */
  get name(): string {
    return (this.isEvent ? this.#early('Event') : this.#early('Response')) ?? '';
  }

  /** Some events have a header `Response`: what has `Event` is one. */
  get isEvent(): boolean {
    return this.#early('Event') !== undefined && !oldOutputStart.test(this.#bytes);
  }

  get isResponse(): boolean {
    return !this.isEvent && this.#early('Response') !== undefined;
  }

  /** The action that it belongs to. */
  get actionId(): string | undefined {
    return this.#early('ActionID');
  }

  /** The value of a header, of one that repeats the first; undefined if there is none, and for `<unknown>`. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const at = this.#pairs.findIndex(([own]) => own.length === name.length && (own === name || own.toLowerCase() === wanted));
    const value = this.#pairs[at]?.[1];
    // Most values are as they were written: only what may have been written otherwise is looked at closely.
    return value === undefined || (value !== '<unknown>' && !value.includes('\\')) ? value : this.headers[at]?.[1];
  }

  /**
   * The value of a header that may hold newlines, as Asterisk writes some: what stands between it and another header behind it. Undefined if that
   * cannot be told.
   * @param behind the other header
   */
  between(name: string, behind: string): string | undefined {
    const head = `\r\n${name}: `;
    const from = this.#decoded.indexOf(head);
    const end = this.#decoded.lastIndexOf(`\r\n${behind}: `);
    if (from >= 0 && end > from) return this.#decoded.slice(from + head.length, end);
    return /[^\r]\n/.test(this.#decoded) ? undefined : this.get(name);
  }

  /** All values of a header that repeats (`ChanVariable`, `Output`), in Asterisk's order. */
  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.headers.flatMap(([own, value]) => (own.toLowerCase() === wanted && value !== undefined ? [value] : []));
  }

  /** Each header in Asterisk's order. */
  get headers(): readonly Header[] {
    return (this.#headers ??= unescapedPairs(this.#pairs));
  }

  /**
   * The variables that `channelvars` of manager.conf adds to events of a channel.
   * @param channel which of the event's channels, as its headers begin: `Dest`
   */
  chanVariables(channel = ''): ReadonlyMap<string, string> {
    return new Map(this.all(`${channel}ChanVariable`).map(nameAndValue));
  }

  /** The lines as Asterisk wrote them, escapes and all, a newline between them. */
  get raw(): string {
    return this.#decoded.replaceAll('\r\n', '\n');
  }

  /** A header that every message is asked for, without taking the message apart: thousands come that nobody wants. */
  #early(name: keyof typeof early): string | undefined {
    const { first, pattern } = early[name];
    const bytes = this.#bytes;
    if (bytes.startsWith(first)) {
      const end = bytes.indexOf('\n');
      return bytes.slice(first.length, end < 0 ? bytes.length : end).trimEnd();
    }
    return pattern.exec(bytes)?.[1]?.trimEnd();
  }

  get #decoded(): string {
    return (this.#text ??= decodeText(this.#bytes));
  }

  get #pairs(): readonly RawHeader[] {
    return (this.#written ??= oldOutputStart.test(this.#bytes) ? oldOutputPairs(this.#decoded) : pairsOf(this.#decoded));
  }
}

/** Some write no blank behind the colon. A loop, as thousands come in a burst. */
function pairsOf(text: string): RawHeader[] {
  const pairs: RawHeader[] = [];
  for (let from = 0; from < text.length;) {
    const line = text.indexOf('\n', from);
    const next = line < 0 ? text.length : line;
    const colon = text.indexOf(':', from);
    if (colon > from && colon < next) {
      const end = text.charCodeAt(next - 1) === 0x0d ? next - 1 : next;
      const value = Math.min(text.charCodeAt(colon + 1) === 0x20 ? colon + 2 : colon + 1, end);
      pairs.push([text.slice(from, colon), text.slice(value, end)]);
    }
    from = next + 1;
  }
  return pairs;
}

/** Its few headers come first; then the command's own lines, which may look like headers. */
function oldOutputPairs(text: string): RawHeader[] {
  const head = /^Response:[^\n]*\n(?:(?:Privilege|ActionID|Message):[^\n]*\n)*/i.exec(text)?.[0] ?? '';
  const printed = text.slice(head.length, text.lastIndexOf(oldOutputEnd)).replace(/\r?\n$/, '');
  const output = printed === '' ? [] : printed.split(/\r?\n/).map((line): RawHeader => ['Output', line]);
  return [...pairsOf(head), ...output];
}
