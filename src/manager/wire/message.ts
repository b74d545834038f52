import { decodeText } from '../../ground/text';

/** The headers of what Asterisk sent. */
export interface Headers {
  /** Each header by its name as Asterisk writes it; of one that repeats the last. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** A header, however its name is capitalised; undefined where there is none. */
  get(name: string): string | undefined;
  /** Every value of a header that repeats (`ChanVariable`, `Output`), in order. */
  all(name: string): string[];
}

/** An event: something happened, or an entry of a list. */
export interface ManagerEvent extends Headers {
  /** `Newchannel`, `Hangup` ... */
  readonly name: string;
}

/** Asterisk's answer to an action. */
export interface ManagerResponse extends Headers {
  /** Asterisk's own words about it; empty where it had none. */
  readonly message: string;
  /** The lines that a console command printed. */
  readonly output: readonly string[];
}

/** What ends the output of a command where Asterisk is older than 14; its lines stand bare in the message. */
export const oldOutputEnd = '--END COMMAND--';
export const oldOutputStart = 'Response: Follows\r\n';

/** One message of Asterisk. A class, as thousands come in a burst and share its methods. */
export class Message implements ManagerEvent, ManagerResponse {
  readonly #pairs: (readonly [name: string, value: string])[] = [];
  #headers: Record<string, string> | undefined;

  /** @param bytes the message without the empty line that ends it */
  constructor(bytes: string) {
    const text = decodeText(bytes);
    if (text.startsWith(oldOutputStart)) this.#readOldOutput(text);
    else for (const line of text.split('\r\n')) this.#readHeader(line);
  }

  get headers(): Readonly<Record<string, string>> {
    // Without a prototype, as the names come from outside.
    this.#headers ??= Object.assign(Object.create(null), Object.fromEntries(this.#pairs)) as Record<string, string>;
    return this.#headers;
  }

  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    return this.#pairs.find(([own]) => own.length === name.length && own.toLowerCase() === wanted)?.[1];
  }

  all(name: string): string[] {
    const wanted = name.toLowerCase();
    return this.#pairs.filter(([own]) => own.toLowerCase() === wanted).map(([, value]) => value);
  }

  /** Whether it answers an action. */
  get isResponse(): boolean {
    return this.#pairs[0]?.[0].toLowerCase() === 'response';
  }

  get name(): string {
    return this.get('Event') ?? '';
  }

  get message(): string {
    return this.get('Message') ?? '';
  }

  get output(): readonly string[] {
    return this.all('Output');
  }

  #readHeader(line: string): void {
    const colon = line.indexOf(':');
    if (colon > 0) this.#pairs.push([line.slice(0, colon), line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)]);
  }

  /** Headers end with CR LF here, the command's lines with LF alone. */
  #readOldOutput(text: string): void {
    const head = /^(?:[\w-]+: ?[^\r\n]*\r\n)+/.exec(text)?.[0] ?? '';
    for (const line of head.split('\r\n')) this.#readHeader(line);
    const printed = text.slice(head.length, text.lastIndexOf(oldOutputEnd)).replace(/\r?\n$/, '');
    if (printed !== '') this.#pairs.push(...printed.split(/\r?\n/).map((line) => ['Output', line] as const));
  }
}
