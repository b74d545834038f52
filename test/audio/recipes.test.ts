import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { project } from '../support/super-server';

interface Recipes {
  sentences(audio: PassThrough, url: string): AsyncIterable<string>;
  textOf(wav: Buffer, url: string): Promise<string>;
}

/** The functions of docs/audio.md, as a module. */
async function recipes(): Promise<Recipes> {
  const directory = mkdtempSync(join(tmpdir(), 'fastagi-recipes-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  symlinkSync(join(project, 'node_modules'), join(directory, 'node_modules'));
  const blocks = readFileSync(join(project, 'docs/audio.md'), 'utf8').match(/(?:^ {4}.*\n(?:\n(?= {4}))*)+/gm) ?? [];
  const functions = blocks.map((block) => block.replaceAll(/^ {4}/gm, '')).filter((block) => block.includes('export async function'));
  // What uses them follows at the end of a block, without indentation.
  const modules = functions.map((text) => text.slice(0, text.lastIndexOf('\n}\n') + 3).replace(/\n(?:const|for) (?=[^]*$)[^]*$/, '\n'));
  const file = join(directory, 'recipes.mjs');
  writeFileSync(file, modules.join('\n'));
  return (await import(pathToFileURL(file).href)) as Recipes;
}

it('a recogniser over a WebSocket gives sentences, until the caller has hung up', async () => {
  const { sentences } = await recipes();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => {
    server.close();
  });
  await once(server, 'listening');
  let heard = 0;
  let rate: unknown;
  server.on('connection', (socket) => {
    socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) {
        heard += bytes.length;
        socket.send(JSON.stringify({ partial: 'hel' }));
        return socket.send(JSON.stringify({ text: heard === 320 ? 'hello' : 'bye' }));
      }
      const message = JSON.parse(bytes.toString()) as { config?: { sample_rate?: number }; eof?: number };
      rate ??= message.config?.sample_rate;
      if (message.eof) socket.close();
    });
  });
  const audio = new PassThrough();
  const texts: string[] = [];
  audio.write(Buffer.alloc(320));
  for await (const text of sentences(audio, `ws://127.0.0.1:${(server.address() as AddressInfo).port}`)) {
    if (texts.push(text) === 2) audio.end();
    else audio.write(Buffer.alloc(320));
  }
  expect([texts, rate, heard]).toEqual([['hello', 'bye'], 8000, 640]);
});

it('a recogniser over HTTP gives a text, or an error', async () => {
  const { textOf } = await recipes();
  let status = 200;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('latin1').on('data', (part: string) => (body += part));
    request.on('end', () => {
      response.statusCode = status;
      response.end(JSON.stringify({ text: ` ${/filename="(.*?)"/.exec(body)?.[1]} ${body.includes('RIFF')}\n` }));
    });
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inference`;
  expect(await textOf(Buffer.from('RIFF....'), url)).toBe('sentence.wav true');
  status = 503;
  await expect(textOf(Buffer.from('RIFF'), url)).rejects.toThrow('the recogniser answered 503');
});
