import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { connectCall } from '../../src/testing';
import { fasterClock } from '../../src/testing/asterisk/clock';
import { audioCaller } from '../support/audio-caller';
import { cache } from '../support/cache';
import { describeWith, hasProgram } from '../support/parts';
import { isBun, program, project, runtime } from '../support/super-server';

/** The whole scripts that stand in a document: indented blocks with a default export. */
function scriptsIn(document: string): string[] {
  const blocks = readFileSync(join(project, document), 'utf8').match(/(?:^ {4}.*\n(?:\n(?= {4}))*)+/gm) ?? [];
  return blocks.map((block) => block.replaceAll(/^ {4}/gm, '')).filter((block) => block.includes('export default '));
}

const documents = ['README.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];
const scripts = documents.flatMap((document) =>
  scriptsIn(document).map((text, index) => [`${document}, script ${index + 1}`, text] as const),
);

/** Every sound is there, and takes a second. */
const sounds: Record<string, number> = new Proxy({}, { get: () => 1000, getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1000 }) }); // prettier-ignore

describeWith({ 'espeak-ng': hasProgram('espeak-ng') }, 'the scripts of the documents', () => {
  it('are found', () => {
    expect(scripts.length).toBeGreaterThan(10);
  });

  it.each(scripts)('%s runs', async (_, text) => {
    const dir = mkdtempSync(join(tmpdir(), 'fastagi-documents-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    mkdirSync(join(dir, 'node_modules'));
    mkdirSync(join(dir, 'spool'));
    symlinkSync(project, join(dir, 'node_modules/fastagi'));
    const isTypeScript = text.includes('fastagi: Agi');
    const file = isTypeScript ? 'x.mts' : 'x.mjs';
    writeFileSync(join(dir, file), text);
    writeFileSync(
      join(dir, 'phpagi.conf'),
      `[phpagi]\ntempdir = ${dir}\n[tts]\nengine = espeak-ng\n[fastagi]\nbasedir = ${dir}\nlog = ${dir}/log\n`,
    );
    const node = isTypeScript && !isBun ? join(cache, 'node-24/bin/node') : runtime;
    const child = spawn(node, [program, '--no-setuid', '--config', join(dir, 'phpagi.conf'), 'run', file, join(dir, 'spool')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const call = connectCall(
      Duplex.from({ writable: child.stdin, readable: child.stdout }),
      {},
      { sounds, applications: { Dial: () => 0, AudioSocket: audioCaller } },
      fasterClock(20),
    );
    // Whatever is asked, it gets an answer.
    const keys = setInterval(() => call.press('1234#'), 100);
    await once(child, 'close');
    clearInterval(keys);
    const { variables } = call.channel;
    // release() says SUCCESS before the end; classic AGI cannot give the call back.
    expect([variables.get('FASTAGISTATUS'), variables.get('FASTAGIERROR')]).toEqual(['SUCCESS', undefined]);
  });
});
