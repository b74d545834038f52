import { writeSync } from 'node:fs';
import type { Log } from '../../ground/log';
import { maskedText } from '../../ground/masking';
import { visible } from '../../ground/visible';
import { cutLabel, logLine, type Level, type LineStyle } from './log-line';

/** The world's own, whatever a recording gives a script. */
const { now } = Date;

/** How lines look; those of JSON hold their parts. */
export type LogStyle = Exclude<LineStyle, 'plain'> | 'json';

/** The log of a process that serves several calls, each with a label of its own. */
export interface ServiceLog extends Log {
  of(label: string): Log;
}

/** Writes to descriptor 2, wherever that leads. */
export function serviceLog(style: LogStyle): ServiceLog {
  const of = (label: string): Log => {
    const shown = cutLabel(label);
    return {
      info: (text) => write(style, '', shown, text),
      warn: (text) => write(style, 'warning: ', shown, text),
      error: (text) => write(style, 'error: ', shown, text),
    };
  };
  return { ...of(''), of };
}

function write(style: LogStyle, level: Level, label: string, text: string): void {
  const lines = maskedText(text).split('\n');
  const whole = style === 'json' ? jsonLine(level, label, lines) : lines.map((line) => logLine(style, level, label, line)).join('');
  try {
    writeSync(2, whole);
  } catch {
    // A full disk or a closed pipe must not cost the call.
  }
}

const names: Readonly<Record<Level, string>> = { '': 'info', 'warning: ': 'warning', 'error: ': 'error' };

function jsonLine(level: Level, label: string, lines: readonly string[]): string {
  const call = label === '' ? {} : { call: visible(maskedText(label)) };
  const message = lines.map(visible).join('\n');
  return `${JSON.stringify({ time: new Date(now()).toISOString(), level: names[level], pid: process.pid, ...call, message })}\n`;
}
