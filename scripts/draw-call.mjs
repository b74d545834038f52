// `node scripts/draw-call.mjs`: plays the script of README.md by `fastagi call --cast`, and draws what the terminal showed: docs/call.svg.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './run.mjs';

const [lineHeight, charWidth, margin] = [19, 7.85, 18];

/** A recording of a terminal (asciicast 2) as a picture of its last moment. */
export function svgOf(cast) {
  const [head, ...events] = cast
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const lines = events.map(([, , text]) => text.trimEnd());
  const columns = Math.min(head.width, Math.max(...lines.map((line) => line.length)));
  const [width, height] = [Math.ceil(columns * charWidth + 2 * margin), lines.length * lineHeight + 2 * margin];
  const rows = lines.map((line, index) => {
    const y = margin + (index + 0.75) * lineHeight;
    return `<text class="${kindOf(line)}" x="${margin}" y="${y}" xml:space="preserve">${escaped(line.slice(0, columns))}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(head.title)}">
<style>
  text { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, monospace; fill: #d7dce5; }
  .script { fill: #8ab0ff; } .caller { fill: #f0c060; } .change { fill: #6fd6a6; } .head { fill: #98a2b3; }
</style>
<rect width="100%" height="100%" rx="8" fill="#14171d"/>
${rows.join('\n')}
</svg>
`;
}

function kindOf(line) {
  if (/^Asterisk .* script$/.test(line)) return 'head';
  if (/^ {30,}\s*\d+\.\d <- /.test(line)) return 'script';
  if (line.startsWith('the caller ')) return 'caller';
  return / = /.test(line) && line.startsWith('  ') ? 'change' : 'asterisk';
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The first script of README.md. */
function scriptOfReadme() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const block = /( {4}export default async function[^]*?\n {4}\}\n)/.exec(readme)?.[1] ?? '';
  return block.replace(/^ {4}/gm, '');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-draw-'));
  try {
    const [script, cast] = [join(dir, 'support.mjs'), join(dir, 'call.cast')];
    writeFileSync(script, scriptOfReadme());
    const args = ['call', script, '--keys', '24711#', '--cast', cast, '--no-setuid'];
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/fastagi'), ...args], { encoding: 'utf8', input: '' });
    if (status !== 0) throw new Error(`the call failed:\n${stdout}${stderr}`);
    writeFileSync(join(root, 'docs/call.svg'), svgOf(readFileSync(cast, 'utf8').replaceAll(script, './support.js')));
    console.log('docs/call.svg is written');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
