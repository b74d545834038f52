import type { AsteriskOptions, SimulatedChannel } from './simulated-channel';

/** `NAME(argument)`. */
export interface FunctionCall {
  readonly name: string;
  readonly argument: string;
}

export function functionOf(text: string): FunctionCall | undefined {
  const [, name, argument = ''] = /^(\w+)\((.*)\)$/s.exec(text) ?? [];
  return name === undefined ? undefined : { name, argument };
}

type Function = (argument: string, channel: SimulatedChannel) => string;

const functions: Readonly<Record<string, Function>> = {
  CALLERID(argument, { callerId: { name, number } }) {
    if (argument === 'num') return number;
    if (argument === 'name') return name;
    return argument === 'all' ? `"${name}" <${number}>` : '';
  },
  DB: (argument, { database }) => database.get(argument) ?? '',
  LEN: (argument) => String(argument.length),
  TOLOWER: (argument) => argument.toLowerCase(),
  TOUPPER: (argument) => argument.toUpperCase(),
};

/** Undefined where there is no such function. */
export function callFunction({ name, argument }: FunctionCall, channel: SimulatedChannel): string | undefined {
  const known = own(channel.options.functions, name) ?? own(functions, name);
  return known?.(argument, channel);
}

/** Those that cannot be set change nothing; Asterisk only warns. */
export function setFunction({ name, argument }: FunctionCall, value: string, channel: SimulatedChannel): void {
  if (name === 'DB') channel.database.set(argument, value);
  if (name !== 'CALLERID') return;
  if (argument === 'num') channel.callerId.number = value;
  if (argument === 'name') channel.callerId.name = value;
  if (argument === 'all') channel.callerId = parseCallerId(value);
}

/** `"Name" <number>`, or one of the two. */
export function parseCallerId(text: string): SimulatedChannel['callerId'] {
  const [, name, number] = /^\s*"?([^"<]*?)"?\s*<([^>]*)>$/.exec(text) ?? [];
  if (name !== undefined && number !== undefined) return { name, number };
  return /^[\d*#+() -]+$/.test(text) ? { name: '', number: text } : { name: text, number: '' };
}

/** How long a sound plays, in ms; undefined, and told to who watches, if it is not there. */
export function soundLength({ sounds, watcher }: AsteriskOptions, file: string): number | undefined {
  const length = sounds === '*' ? usualLength : typeof sounds === 'function' ? sounds(file) : own(sounds, file);
  if (length === undefined) watcher?.missing(file);
  return length;
}

/** In ms: so long a sound plays of which nothing else is said. */
export const usualLength = 1000;

/** Only what was named: an object has more names of its own. */
export function own<T>(named: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return named && Object.hasOwn(named, name) ? named[name] : undefined;
}
