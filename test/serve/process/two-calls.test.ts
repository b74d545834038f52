import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { nodeOf } from '../../support/cache';
import { describeWith } from '../../support/parts';
import { type Answer, environment, openPeer, politeAnswer, variableSet, type Peer } from '../../support/peer';
import { until } from '../../support/super-server';
import { bundleTo } from '../../support/bundle';

let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-two-'));
  await bundleTo(join(dir, 'host.cjs'), join(import.meta.dirname, 'host-of-several.ts'));
  cpSync(join(import.meta.dirname, 'scripts'), join(dir, 'scripts'), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let host: ChildProcess;
let lines: string[];
let port: number;

async function start(node: string): Promise<void> {
  lines = [];
  host = spawn(node, [join(dir, 'host.cjs'), join(dir, 'scripts')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  host.stderr?.on('data', (bytes: Buffer) => (lines = (text += String(bytes)).split('\n').slice(0, -1)));
  await until('the host has said it', () => lines.some((line) => line.startsWith('port ')));
  port = Number(lines.find((line) => line.startsWith('port '))?.slice('port '.length));
}

function stop(): Promise<unknown> {
  const ended = new Promise((resolve) => host.once('exit', resolve));
  if (host.exitCode === null && host.signalCode === null) host.kill();
  else return Promise.resolve();
  return ended;
}

const call = (script: string, channel: string, answer: Answer = politeAnswer): Peer =>
  openPeer(port, environment(script, { agi_channel: channel }), answer);

/** The label that a call's lines bear. */
const label = (channel: string, script: string): string => `${channel} ${script}: `;

/** What each way to go wrong comes to. */
const faults: readonly [script: string, status: string | undefined, reason: RegExp | undefined][] = [
  ['throws.js', 'FAILURE', /Error: thrown/],
  ['rejects.js', 'FAILURE', /Error: rejected/],
  ['rejects-nothing.js', 'FAILURE', /undefined/],
  ['throws-later.js', 'FAILURE', /Error: thrown later/],
  ['throws-in-handler.js', 'FAILURE', /Error: thrown in a handler/],
  ['exits.js', 'FAILURE', /process\.exit\(7\)/],
  ['exits-while-loading.js', 'FAILURE', /process\.exit\(7\)/],
  ['exits-later.js', 'FAILURE', /process\.exit\(7\)/],
  ['exits-when-over.js', 'SUCCESS', undefined],
  ['throws-when-over.js', 'SUCCESS', undefined],
  ['floods.js', 'SUCCESS', undefined],
  ['hears-garbage.js', 'FAILURE', /is no reply/],
];

const nodes: readonly (readonly [name: string, node: string])[] = [
  ['this Node', process.execPath],
  // What scripts/mutate.mjs tries out is tried under one.
  ...(process.env['FASTAGI_CHANGED_FILE'] === undefined ? [22, 24, 26] : []).map((major) => [`Node ${major}`, nodeOf(major)] as const),
];

for (const [name, node] of nodes)
  describeWith({ [name]: existsSync(node) }, `under ${name}`, () => {
    beforeEach(() => start(node));
    afterEach(stop);

    it.each(faults)('a call that %s leaves the other alone', async (script, status, reason) => {
      let goOn: () => void = () => undefined;
      const other = call('waits.js', 'PJSIP/good', (command, peer) => {
        if (!command.startsWith('WAIT FOR DIGIT')) return politeAnswer(command);
        goOn = () => peer.socket.write('200 result=49\n');
        return undefined;
      });
      await other.seen(/^WAIT FOR DIGIT/);
      const bad = call(script, 'PJSIP/bad', (command) =>
        command.startsWith('RECEIVE TEXT') ? 'HTTP/1.1 400 Bad Request\n' : politeAnswer(command),
      );
      await bad.closed;
      expect(variableSet(bad, 'FASTAGISTATUS')).toBe(status);
      if (reason) expect(variableSet(bad, 'FASTAGIERROR')).toMatch(reason);
      // What it left behind has had its time.
      if (script.endsWith('-when-over.js')) await until('the host has said it', () => lines.some((line) => line.includes('left behind')));
      goOn();
      await other.closed;
      expect(variableSet(other, 'FASTAGISTATUS')).toBe('SUCCESS');
      expect(host.exitCode).toBeNull();
      await until('the host has said it', () => lines.filter((line) => line.startsWith('came to')).length === 2);
      expect(lines.filter((line) => line.startsWith('came to'))).toEqual([`came to ${status}`, 'came to SUCCESS']);
      expectLabels(script);
    });
  });

/** Every line but the host's own bears the label of the call that it is about. */
function expectLabels(script: string): void {
  const own = lines.filter((line) => !/^(?:port |came to )/.test(line) && !/^ {4}at /.test(line));
  const strays = own.filter((line) => !line.startsWith(label('PJSIP/bad', script)) && !line.startsWith(label('PJSIP/good', 'waits.js')));
  expect(strays).toEqual([]);
  expect(own.filter((line) => line.includes('of the good one'))).toEqual(
    own.filter((line) => line.startsWith(label('PJSIP/good', 'waits.js')) && line.includes('of the good one')),
  );
}
