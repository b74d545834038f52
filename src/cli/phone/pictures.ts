import { writeFileSync } from 'node:fs';
import { ladderHead, ladderLine, secondsOf } from '../../tape/ladder';
import { pageOf } from '../../tape/page';
import type { SimulatedRun } from '../../testing/asterisk-side';
import { visible } from '../../ground/visible';

type Shown = Omit<SimulatedRun, 'own'>;

/** Writes a call as a page. @param title what was called @param wrong what went otherwise than expected, and where, a line each */
export function writePage(file: string, title: string, { call, steps, silences }: Shown, wrong: readonly string[]): void {
  const facts = [
    ['when', new Date().toISOString().slice(0, 19).replace('T', ' ')],
    ['longest silence', secondsOf(call.longestSilence)],
    ['took', secondsOf(steps.at(-1)?.at ?? 0)],
  ] as const;
  writeFileSync(file, pageOf({ title, facts, steps, silences, status: call.status, failure: wrong }));
}

const [columns, least] = [110, 12];

/** Writes a call as a terminal would have shown it. @see https://docs.asciinema.org/manual/asciicast/v2/ */
export function writeCast(file: string, title: string, { steps }: Shown, last: readonly string[]): void {
  const end = (steps.at(-1)?.at ?? 0) / 1000;
  const lines = [
    [0, ladderHead] as const,
    ...steps.map((step) => [step.at / 1000, visible(ladderLine(step))] as const),
    ...last.map((line) => [end, line] as const),
  ];
  const head = {
    version: 2,
    width: columns,
    height: Math.max(least, lines.length + 1),
    timestamp: Math.floor(Date.now() / 1000),
    title: `fastagi call ${title}`,
  };
  const events = lines.map(([at, line]) => JSON.stringify([Math.round(at * 1000) / 1000, 'o', `${line}\r\n`]));
  writeFileSync(file, `${[JSON.stringify(head), ...events].join('\n')}\n`);
}
