import { FastagiError } from '../ground/errors';
import { isObject, objectOf } from '../ground/json';

/** What a tape is of. */
export interface CassetteHead {
  /** The version that recorded it. */
  readonly fastagi: string;
  /** What `agi_version` said. */
  readonly asterisk: string;
  /** The script's file. */
  readonly script: string;
  /** The script, as it was asked for. */
  readonly name: string;
  /** Its arguments, if they are not in the request: those of classic AGI. */
  readonly args?: readonly string[];
  /** Of the script's text. */
  readonly sha256: string;
  /** When the call began, as an ISO date. */
  readonly begun: string;
}

/** From Asterisk, to it, a value of the script's world, what happened besides, what it came to. */
type EntryKind = '<' | '>' | '=' | '!' | '.';

/** One line of a tape. */
export interface CassetteEntry {
  /** In ms since the call began. */
  readonly at: number;
  readonly kind: EntryKind;
  /** A line of the wire, a byte a character; `now 1700000000000`, `random 0.5`, `uuid ...`; or words. */
  readonly text: string;
}

export interface Cassette {
  readonly head: CassetteHead;
  readonly entries: readonly CassetteEntry[];
}

/** A file is no tape, or not a whole one. */
export class CassetteError extends FastagiError {
  constructor(line: number, why: string) {
    super('FASTAGI_CASSETTE', `line ${line} of the recording: ${why}; record the call again`);
  }
}

/** Asterisk closed the connection. */
export const connectionEnded = 'the connection ended';
/** Asterisk ended a session over the manager, and the dialplan has the caller again. */
export const sessionEnded = 'the dialplan has the call again';
/** What follows is in step again. */
export const replyLost = 'a reply was cut, and is lost';

const format = 'fastagi-cassette 1 ';

export function headLine(head: CassetteHead): string {
  return `${format}${JSON.stringify(head)}\n`;
}

/** One line, without what could steer a terminal. */
export function entryLine({ at, kind, text }: CassetteEntry): string {
  return `${(at / 1000).toFixed(3).padStart(9)} ${kind} ${escaped(text)}`.trimEnd() + '\n';
}

/** @param text a byte a character. Throws CassetteError */
export function parseCassette(text: string): Cassette {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw new CassetteError(lines.length + 1, 'the file ends in the middle of a line');
  const [first = '', ...rest] = lines;
  return { head: parseHead(first), entries: rest.map((line, index) => parseEntry(line, index + 2)) };
}

function parseHead(line: string): CassetteHead {
  const head = line.startsWith(format) ? objectOf(Buffer.from(line.slice(format.length), 'latin1').toString()) : undefined;
  if (!isHead(head)) throw new CassetteError(1, `it does not begin with "${format}{...}"`);
  return head;
}

const texts = ['fastagi', 'asterisk', 'script', 'name', 'sha256', 'begun'] as const;

export function isHead(value: unknown): value is CassetteHead {
  return isObject(value) && texts.every((name) => typeof value[name] === 'string');
}

const entry = /^ {0,8}(\d{1,9}\.\d{3}) ([<>=!.])(?: (.*))?$/;

function parseEntry(line: string, number: number): CassetteEntry {
  const [, seconds, kind, text = ''] = entry.exec(line) ?? [];
  if (seconds === undefined) throw new CassetteError(number, 'it is no time, one of < > = ! . and a text');
  return { at: Math.round(Number(seconds) * 1000), kind: kind as EntryKind, text: unescaped(text, number) };
}

/** A blank at the end would be lost in an editor. */
function escaped(text: string): string {
  return text.replace(/[\x00-\x1f\x7f\\]/g, escape).replace(/ $/, '\\x20');
}

function escape(character: string): string {
  return character === '\\' ? '\\\\' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function unescaped(text: string, number: number): string {
  return text.replace(/\\(x[0-9a-f]{2}|\\|)/g, (_, code: string) => {
    if (code === '') throw new CassetteError(number, 'a backslash is followed by neither another one nor xNN');
    return code === '\\' ? '\\' : String.fromCharCode(parseInt(code.slice(1), 16));
  });
}

/** What a recording's file is called, without its end. @param uniqueId the channel's */
export function cassetteName({ begun, script }: CassetteHead, uniqueId: string, pid: number): string {
  const when = begun.replaceAll(':', '-').replace('Z', '');
  return [when, script.slice(script.lastIndexOf('/') + 1), uniqueId, pid].map(plain).join('-');
}

function plain(text: string | number): string {
  return String(text)
    .replace(/[^\w.+-]/g, '_')
    .slice(0, 80);
}
