/** Something that happened in a call. */
export interface LadderStep {
  /** In ms since the call began. */
  readonly at: number;
  readonly who: 'script' | 'asterisk' | 'caller';
  /** A line of the wire, or what the caller did. */
  readonly text: string;
}

/** In ms: a caller who hears nothing for so long wonders. */
const longSilence = 2000;
const column = 46;

/** A call as a ladder: Asterisk and its caller on the left, the time in the middle, the script on the right. @param silences when nothing was heard, in ms */
export function ladderText(steps: readonly LadderStep[], silences: readonly { readonly from: number; readonly to: number }[] = []): string {
  const long = silences.filter(({ from, to }) => to - from > longSilence);
  const lines = steps.map(({ at, who, text }) => ({
    at,
    line:
      who === 'script'
        ? `${' '.repeat(column)} ${time(at)} <- ${text}`
        : `${left(who, text)} ${time(at)}${who === 'asterisk' ? ' ->' : ''}`,
  }));
  for (const { from, to } of long)
    lines.push({ at: to - 0.001, line: `${left('caller', `... hears nothing for ${((to - from) / 1000).toFixed(1)} s`)} ${time(to)}` });
  const head = `${'Asterisk'.padEnd(column)} ${'s'.padStart(8)}    script`;
  return [head, ...lines.toSorted((one, other) => one.at - other.at).map(({ line }) => line)].join('\n');
}

function left(who: 'asterisk' | 'caller', text: string): string {
  const whole = who === 'caller' ? `the caller ${text}` : text;
  return (whole.length > column ? `${whole.slice(0, column - 3)}...` : whole).padEnd(column);
}

function time(at: number): string {
  return (at / 1000).toFixed(1).padStart(8);
}
