import { copyFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChannel, type Channel } from '../../src/agi/channel';
import { createCallAgi, type Script } from '../../src/call/agi';
import { createAsterisk, environmentOf } from '../../src/testing';
import { silent } from '../../src/ground/log';
import { pairOfSockets } from '../support/call-host';
import { playOn } from '../support/peer';
import { requestOf } from '../support/request';
import { settingsOf } from '../support/settings';
import { makePlace, program, type Place } from '../support/super-server';

/*
 * A script does not see what serves it: the built program on a pair of sockets, a channel whose wire is a pair of arrays, and the simulator get the
 * same lines of it.
 */

const file = join(import.meta.dirname, 'scripts/many-commands.js');
const script = createRequire(import.meta.url)(file) as Script;
/** The lines that the program itself sends at the end. */
const report = ['SET VARIABLE "FASTAGISTATUS" "SUCCESS"'];
/** What nobody can foresee. */
const mark = /fastagi-\w+/;
const plain = (line: string): string => line.replace(mark, 'MARK').replace(/\n$/, '');

let place: Place;
beforeAll(() => {
  place = makePlace('setuid = false');
  copyFileSync(file, join(place.basedir, 'many-commands.cjs'));
});
afterAll(() => place.remove());

function agiOn(channel: Channel) {
  const noManager = () => Promise.reject(new Error('there is no manager here'));
  return createCallAgi({
    channel,
    request: requestOf(),
    args: [],
    config: settingsOf({}),
    audio: () => undefined,
    openManager: noManager,
    audioSocket: () => Promise.reject(new Error('no audio here')),
    release: noManager,
    log: silent,
  });
}

async function throughTheProgram(): Promise<string[]> {
  const [socket, asterisk] = await pairOfSockets();
  const peer = playOn(asterisk, environmentOf({ script: 'many-commands.cjs' }));
  const child = spawn(process.execPath, [program, '--config', place.config], { stdio: [socket, socket, socket] });
  socket.destroy();
  const [status] = (await once(child, 'exit')) as [number];
  await peer.closed;
  expect(status).toBe(0);
  return peer.commands.slice(0, -report.length);
}

/** What was sent, and what was answered to it. */
async function throughTheSimulator(): Promise<[line: string, answer: string][]> {
  const exchanges: [line: string, answer: string][] = [];
  const channel = createChannel({
    write(bytes) {
      exchanges.push([bytes, '']);
      asterisk.feed(bytes);
    },
  });
  const asterisk = createAsterisk(
    (bytes) => {
      (exchanges.at(-1) as [string, string])[1] += bytes;
      queueMicrotask(() => channel.receive(bytes));
    },
    { sounds: { beep: 0 } },
  );
  await script(agiOn(channel));
  return exchanges;
}

/** @param answers in order; a mark in them stands for the one that the line has */
async function throughArrays(answers: readonly string[]): Promise<string[]> {
  const sent: string[] = [];
  const channel = createChannel({
    write(bytes) {
      const answer = answers[sent.push(bytes) - 1] ?? '';
      queueMicrotask(() => channel.receive(answer.replace('MARK', mark.exec(bytes)?.[0] ?? '')));
    },
  });
  await script(agiOn(channel));
  return sent;
}

describe('the same script', () => {
  it('sends the same lines through the program, a pair of arrays, and the simulator', async () => {
    const exchanges = await throughTheSimulator();
    const lines = exchanges.map(([line]) => plain(line));
    expect(lines.length).toBeGreaterThan(15);
    const answers = exchanges.map(([, answer]) => answer.replace(mark, 'MARK'));
    expect((await throughArrays(answers)).map(plain)).toEqual(lines);
    expect((await throughTheProgram()).map(plain)).toEqual(lines);
  });
});
