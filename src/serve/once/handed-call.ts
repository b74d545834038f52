import type { Settings } from '../../config/settings';
import type { Identity } from '../process/identity';
import type { LocatedScript } from '../../script/locate';
import type { LogState } from '../process/log';

/** A call that a second start goes on with, under the identity of its script's owner. */
export interface HandedCall {
  readonly settings: Settings;
  /** When it began, in ms since 1970. */
  readonly begun: number;
  /** What Asterisk sent first, without its empty line, and what came behind it. */
  readonly environment: string;
  readonly rest: string;
  /** The address that a PROXY header named. */
  readonly proxied?: string | undefined;
  readonly script: LocatedScript;
  readonly identity: Identity;
  /** The connection's descriptors. */
  readonly input: number;
  readonly output: number;
  readonly log: LogState;
  /** The mailer's descriptors, where there is one. */
  readonly mailer?: { readonly input: number; readonly output: number };
}

const prefix = 'FASTAGI_HANDED_CALL_';
/** Linux takes 128 KiB for one variable. */
const longestPart = 100_000;

/** The call as environment variables: only root and its own user can read a process's. */
export function handedVariables(call: HandedCall): Record<string, string> {
  const text = JSON.stringify(call).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const variables: Record<string, string> = {};
  for (let at = 0, part = 0; at < text.length; at += longestPart, part++) variables[`${prefix}${part}`] = text.slice(at, at + longestPart);
  return variables;
}

/** Whether this process was started to go on with a call. Root hands calls on, and takes none. */
export function isSecondStart(): boolean {
  return process.env[`${prefix}0`] !== undefined && process.geteuid?.() !== 0;
}

/** The call that this process was started for, where it is such a second start. Its children do not see it. */
export function takeHandedCall(): HandedCall | undefined {
  if (!isSecondStart()) return undefined;
  let text = '';
  for (let part = 0; ; part++) {
    const variable = process.env[`${prefix}${part}`];
    if (variable === undefined) return JSON.parse(text) as HandedCall;
    text += variable;
    delete process.env[`${prefix}${part}`];
  }
}
