import { visible } from '../ground/visible';
import { longSilence, readable, secondsOf, tenths, type LadderStep } from './ladder';
import { pageStyle } from './page-style';
import { otherwiseWords, type Story } from './story';

/** A call as one page that needs nothing else: for a browser, on a desk or a telephone, light or dark. */
export function pageOf({ title, facts, steps, silences, status, failure }: Story): string {
  const marks = silences
    .filter(({ from, to }) => to - from > longSilence)
    .map(({ from, to }) => ({ at: from, row: silenceRow(to - from) }));
  const rows = [...steps.map((step) => ({ at: step.at, row: stepRow(step) })), ...marks].toSorted((one, other) => one.at - other.at);
  const isGood = status === 'SUCCESS' || status === 'HANGUP';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${text(title)}</title>
<style>${pageStyle}</style>
<header><h1>${text(title)}</h1><span class="status ${isGood ? 'good' : 'bad'}">${text(status)}</span></header>
<dl class="facts">${facts.map(([name, value]) => `<div><dt>${text(name)}</dt><dd>${text(value)}</dd></div>`).join('')}</dl>
${failureBlock(failure)}<main>
<section aria-label="the call">
<div class="head"><span>Asterisk and the caller</span><span>s</span><span>script</span></div>
<ol class="ladder">
${rows.map(({ row }) => row).join('\n')}
</ol>
</section>
${changesBlock(steps)}</main>
</html>
`;
}

function stepRow({ at, who, text: line }: LadderStep): string {
  const [kind, shown] = shape(who, readable(line));
  return `<li class="${kind}"><span class="what">${text(shown)}</span><time>${tenths(at)}</time></li>`;
}

/** What a step is drawn as, and its words. */
function shape(who: LadderStep['who'], line: string): [kind: string, shown: string] {
  if (who === 'caller') return line.startsWith('hears ') ? ['hears', line.slice('hears '.length)] : ['caller', `the caller ${line}`];
  if (line.startsWith(otherwiseWords)) return ['wrong', line];
  if (who === 'note') return / = | is gone$/.test(line) ? ['change', line] : ['note', line];
  return [who, line];
}

/** The longer, the taller, up to a limit. */
function silenceRow(ms: number): string {
  const height = Math.min(10, 2 + ms / 2000).toFixed(1);
  return `<li class="silence" style="min-height:${height}rem"><span class="what">the caller hears nothing for ${secondsOf(ms)}</span></li>`;
}

function failureBlock(failure: readonly string[]): string {
  return failure.length === 0
    ? ''
    : `<section class="failure" aria-label="what went wrong"><pre>${failure.map(text).join('\n')}</pre></section>\n`;
}

/** Each variable and database entry, with the values that it had. */
function changesBlock(steps: readonly LadderStep[]): string {
  const values = new Map<string, string[]>();
  for (const { at, who, text: line } of steps) {
    const equals = who === 'note' ? line.indexOf(' = ') : -1;
    if (equals < 0) continue;
    const name = line.slice(0, equals);
    const shown = `<li><time>${tenths(at)}</time> ${text(readable(line.slice(equals + 3)))}</li>`;
    values.set(name, [...(values.get(name) ?? []), shown]);
  }
  if (values.size === 0) return '';
  const rows = [...values].map(([name, all]) => `<div><dt>${text(readable(name))}</dt><dd><ul>${all.join('')}</ul></dd></div>`);
  return `<aside aria-label="variables"><h2>Variables and database</h2><dl>${rows.join('')}</dl></aside>\n`;
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&#39;' };

/** Whatever a caller or a script chose is text, and nothing else. */
function text(value: string): string {
  return visible(value)
    .toWellFormed()
    .replace(/[<>&"']/g, (character) => entities[character] ?? character);
}
