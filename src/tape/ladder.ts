import { decodeReadable } from '../ground/text';

/** Something that happened in a call. */
export interface LadderStep {
  /** In ms since the call began. */
  readonly at: number;
  /** A note is nobody's. */
  readonly who: 'script' | 'asterisk' | 'caller' | 'note';
  /** A line of the wire, a byte a character, or what the caller did. */
  readonly text: string;
}

/** In ms: a caller who hears nothing for so long wonders. */
export const longSilence = 2000;
const column = 46;

/** What stands above a ladder. */
export const ladderHead = `${'Asterisk'.padEnd(column)} ${'s'.padStart(8)}    script`;

/** One rung. */
export function ladderLine({ at, who, text: bytes }: LadderStep): string {
  const text = readable(bytes);
  if (who === 'script') return `${' '.repeat(column)} ${time(at)} <- ${text}`;
  return `${left(who, text)} ${time(at)}${who === 'asterisk' ? ' ->' : ''}`;
}

/** What stands on a wire is bytes, a character each; what else there is to tell is text. */
export function readable(text: string): string {
  return /[^\x00-\xff]/.test(text) ? text : decodeReadable(text);
}

/** A call as a ladder: Asterisk and its caller on the left, the time in the middle, the script on the right. @param silences when nothing was heard, in ms */
export function ladderText(steps: readonly LadderStep[], silences: readonly { readonly from: number; readonly to: number }[] = []): string {
  const marks = silences.flatMap(silenceMark);
  const all = [...steps, ...marks].toSorted((one, other) => one.at - other.at);
  return [ladderHead, ...all.map(ladderLine)].join('\n');
}

/** What a long silence is in a ladder; nothing for a short one. */
export function silenceMark({ from, to }: { readonly from: number; readonly to: number }): LadderStep[] {
  const text = `... hears nothing for ${secondsOf(to - from)}`;
  return to - from > longSilence ? [{ at: to - 0.001, who: 'caller', text }] : [];
}

function left(who: 'asterisk' | 'caller' | 'note', text: string): string {
  const whole = who === 'caller' ? `the caller ${text}` : who === 'note' ? `  ${text}` : text;
  // What went wrong stands there whole.
  return (whole.length > column && who !== 'note' ? `${whole.slice(0, column - 3)}...` : whole).padEnd(column);
}

function time(at: number): string {
  return tenths(at).padStart(8);
}

/** @param ms a duration */
export function secondsOf(ms: number): string {
  return `${tenths(ms)} s`;
}

/** A time as seconds, to a tenth, without the unit. @param ms a time */
export function tenths(ms: number): string {
  return (ms / 1000).toFixed(1);
}
