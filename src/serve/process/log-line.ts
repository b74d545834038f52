import { maskedText } from '../../ground/masking';
import { visible } from '../../ground/visible';
import { journalPriority } from './syslog';

/** The world's own, whatever a recording gives a script. */
const { now } = Date;

/** How a line looks: with a stamp, with a priority for whoever stamps it (the journal, syslog), or with neither. */
export type LineStyle = 'stamped' | 'marked' | 'plain';

/** What a line begins with, by how grave it is. */
export type Level = '' | 'warning: ' | 'error: ';

/** A line of a log. @param label whose it is; an empty one is left out */
export function logLine(style: LineStyle, level: Level, label: string, line: string): string {
  const stamp = style === 'stamped' ? `${new Date(now()).toISOString()} fastagi[${process.pid}] ` : '';
  const mark = style === 'marked' ? journalPriority(level) : '';
  // Only where something is written: a process's first regular expressions are dear.
  const shown = label === '' ? '' : `${visible(maskedText(label))}: `;
  return `${stamp}${mark}${level}${shown}${visible(maskedText(line))}\n`;
}

const longestLabel = 200;

/** A label stands in every line, and whoever calls chooses it. */
export function cutLabel(label: string): string {
  return label.length > longestLabel ? `${label.slice(0, longestLabel)}...` : label;
}
