import { writeSync } from 'node:fs';
import type { Log } from '../../ground/log';
import { maskedText } from '../../ground/masking';
import { visible } from '../../ground/visible';
import { journalPriority } from '../process/syslog';

/** How lines look: with a stamp, for whoever stamps them (the journal, syslog), as JSON. */
export type LogStyle = 'stamped' | 'marked' | 'json';

/** The log of a process that serves several calls, each with a label of its own. */
export interface ServiceLog extends Log {
  of(label: string): Log;
}

const longestLabel = 200;

/** Writes to descriptor 2, wherever that leads. */
export function serviceLog(style: LogStyle): ServiceLog {
  const of = (label: string): Log => {
    const shown = cut(label);
    return {
      info: (text) => write(style, 'info', shown, text),
      warn: (text) => write(style, 'warning', shown, text),
      error: (text) => write(style, 'error', shown, text),
    };
  };
  return { ...of(''), of };
}

type Level = 'info' | 'warning' | 'error';

function write(style: LogStyle, level: Level, label: string, text: string): void {
  const lines = maskedText(text).split('\n');
  const whole = style === 'json' ? jsonLine(level, label, lines) : lines.map((line) => textLine(style, level, label, line)).join('');
  try {
    writeSync(2, whole);
  } catch {
    // A full disk or a closed pipe must not cost the call.
  }
}

function textLine(style: LogStyle, level: Level, label: string, line: string): string {
  const begin = level === 'info' ? '' : `${level}: `;
  const mark = style === 'stamped' ? `${new Date().toISOString()} fastagi[${process.pid}] ` : journalPriority(begin);
  return `${mark}${begin}${label === '' ? '' : `${visible(maskedText(label))}: `}${visible(line)}\n`;
}

function jsonLine(level: Level, label: string, lines: readonly string[]): string {
  const call = label === '' ? {} : { call: visible(maskedText(label)) };
  return `${JSON.stringify({ time: new Date().toISOString(), level, pid: process.pid, ...call, message: lines.map(visible).join('\n') })}\n`;
}

/** It stands in every line, and whoever calls chooses it. */
function cut(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel)}...` : label;
}
