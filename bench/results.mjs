// What `bench:workers` and `bench:many` measured, for people: tables, and a plot.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = (path) => fileURLToPath(new URL(`../docs/${path}`, import.meta.url));

export function titleOf(commands) {
  return `${commands} ${commands === 1 ? 'command' : 'commands'} a call, and one that reports it`;
}

export function tableOf(results) {
  const cell = (value, digits) => (value === undefined ? '' : value.toFixed(digits));
  return [
    '| | calls/s, 1 at once | 16 | 256 | first command, ms | p99.9 at 80% load, ms |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map(
      ({ name, one, sixteen, most, first, late }) =>
        `| ${name} | ${cell(one, 0)} | ${cell(sixteen, 0)} | ${cell(most, 0)} | ${cell(first, 2)} | ${cell(late, 1)} |`,
    ),
  ];
}

/** Puts lines between the marks of this name in docs/scaling.md. */
export function writeTables(name, lines) {
  const path = file('scaling.md');
  const [begin, end] = [`<!-- measured: ${name} -->`, '<!-- end -->'];
  const text = readFileSync(path, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/scaling.md has no marks for "${name}": ${begin} and ${end}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${lines.join('\n').trim()}\n\n${text.slice(to)}`);
}

const [left, right, row, top] = [300, 90, 26, 46];
const width = 760;

/** Calls a second, a bar for each program: docs/workers.svg. */
export function writePlot(results) {
  const rates = results.map(({ name, most, sixteen }) => ({ name, rate: most ?? sixteen })).toSorted((one, other) => other.rate - one.rate);
  const longest = rates[0].rate;
  const bars = rates.map(({ name, rate }, index) => {
    const y = top + index * row;
    const length = Math.max(1, (rate / longest) * (width - left - right));
    const kind = name.startsWith('fastagi') ? 'ours' : 'other';
    return `  <text class="name" x="${left - 10}" y="${y + 14}">${escaped(name)}</text>
  <rect class="${kind}" x="${left}" y="${y}" width="${length.toFixed(1)}" height="18" rx="3"/>
  <text x="${(left + length + 8).toFixed(1)}" y="${y + 14}">${Math.round(rate).toLocaleString('en')}</text>`;
  });
  const height = top + rates.length * row + 12;
  writeFileSync(
    file('workers.svg'),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Calls a second">
  <style>
    text { font: 13px system-ui, sans-serif; fill: #222; }
    .name { text-anchor: end; }
    .title { font-weight: 600; }
    .ours { fill: #2f6fde; }
    .other { fill: #a5adba; }
    @media (prefers-color-scheme: dark) { text { fill: #ddd; } .ours { fill: #6c9cff; } .other { fill: #5c6470; } }
  </style>
  <text class="title" x="12" y="24">Calls a second: one command, and one that reports it; 256 at once, 16 if each has a process</text>
${bars.join('\n')}
</svg>
`,
  );
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
