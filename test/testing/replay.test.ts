import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Script } from '../../src/index';
import { ReplayError, replay } from '../../src/testing';

const directory = mkdtempSync(join(tmpdir(), 'fastagi-replay-'));
afterAll(() => rmSync(directory, { recursive: true }));

const head = { fastagi: '0.1.0', asterisk: '22.10.1', script: '/srv/pin.js', name: 'pin.js', sha256: '', begun: '' };
const lines = [
  '0.000 < agi_network: yes',
  '0.000 < agi_version: 22.10.1',
  '0.000 <',
  '0.010 = now 1700000000000',
  '0.010 > SET VARIABLE "WHEN" "1700000000000"',
  '0.010 < 200 result=1',
  '0.020 > GET DATA "pin" 5000 4',
  '4.000 < 200 result=<secret 8305>',
  '4.000 > GET FULL VARIABLE "${PIN}fastagi-0123456789abcdefghij"',
  '4.000 < 200 result=1 (<secret 8305>fastagi-0123456789abcdefghij)',
  '4.000 > WAIT FOR DIGIT 1000',
  '4.500 < 200 result=<secret 7>',
  '4.500 = random 0.5',
  '4.500 > VERBOSE "<secret 8305> is right, 7, 0.5" 1',
  '4.500 < 200 result=1',
  '4.500 > SET VARIABLE "FASTAGISTATUS" "SUCCESS"',
  '4.500 < 200 result=1',
  '4.500 . SUCCESS',
];

const script: Script = async (fastagi) => {
  await fastagi.setVariable('WHEN', Date.now());
  const { digits } = await fastagi.getData('pin', 5000, 4, { secret: true });
  const right = await fastagi.getVariable('PIN', { secret: true });
  const key = await fastagi.waitForDigit(1000, { secret: true });
  await fastagi.verbose(`${digits} is ${digits === right ? 'right' : 'wrong'}, ${key}, ${Math.random()}`);
};

function recorded(entries: readonly string[] = lines): string {
  const file = join(directory, 'call.cassette');
  writeFileSync(file, `fastagi-cassette 1 ${JSON.stringify(head)}\n${entries.map((line) => `    ${line}\n`).join('')}`);
  return file;
}

it('gives a script what was recorded, and is content if it does what it did', async () => {
  await expect(replay(recorded(), { script })).resolves.toBe(6);
});

it('gives values in which a secret was, as by chance, with what is written in its place', async () => {
  const uuid = '4ebcab3d-5301-<secret 8305>-bacd-4d6cf0acf3f3';
  const entries = [
    ...lines.slice(0, 8),
    `4.000 = uuid ${uuid}`,
    '4.000 = random 0.7<secret 8305>85',
    '4.000 = now 17000<secret 8305>0000',
    `4.000 > SET VARIABLE "ID" "${uuid} 0.7<secret 8305>85 17000<secret 8305>0000"`,
    '4.000 < 200 result=1',
    ...lines.slice(-3),
  ];
  const chance: Script = async (fastagi) => {
    await fastagi.setVariable('WHEN', Date.now());
    await fastagi.getData('pin', 5000, 4, { secret: true });
    await fastagi.setVariable('ID', `${randomUUID()} ${Math.random()} ${Date.now()}`);
  };
  await expect(replay(recorded(entries), { script: chance })).resolves.toBe(4);
});

it('is for itself: nobody is refused, and it is not recorded again', async () => {
  const config = { fastagi: { allow: '192.0.2.1', record: join(directory, 'again') } };
  await expect(replay(recorded(), { script, config })).resolves.toBe(6);
  expect(existsSync(join(directory, 'again'))).toBe(false);
});

it.each<[what: string, entries: string[], line: number, recorded: string | undefined, came: string | undefined]>([
  ['another line', lines.with(6, '0.020 > GET DATA "code" 5000 4'), 8, 'GET DATA "code" 5000 4', 'GET DATA "pin" 5000 4'],
  [
    'another value',
    lines.with(3, '0.010 = now 1700000000001'),
    6,
    'SET VARIABLE "WHEN" "1700000000000"',
    'SET VARIABLE "WHEN" "1700000000001"',
  ],
  ['a line that is left over', [...lines.slice(0, -1), '4.500 > NOOP', '4.500 < 200 result=0'], 19, 'NOOP', undefined],
  ['a line that is not there', lines.slice(0, -3), 17, undefined, 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"'],
])('names the first place for %s', async (_what, entries, line, was, came) => {
  const error: unknown = await replay(recorded(entries), { script }).catch((failed: unknown) => failed);
  expect(error).toBeInstanceOf(ReplayError);
  expect((error as ReplayError).difference).toEqual({ line, recorded: was, came });
});

it('says that a script hangs on where its recording ended', async () => {
  const entries = [...lines.slice(0, 7), '1.000 < HANGUP', '1.000 < 200 result=-1', '1.000 ! the connection ended', '1.000 . HANGUP'];
  await expect(replay(recorded(entries), { script })).resolves.toBe(2);
});

it('takes the recorded script, or a file', async () => {
  const file = join(directory, 'pin.mjs');
  writeFileSync(file, `export default ${String(script)}`);
  await expect(replay(recorded(), { script: file })).resolves.toBe(6);
  await expect(replay(recorded())).rejects.toThrow(/srv\/pin\.js/);
});

it('refuses what is no recording', async () => {
  const file = join(directory, 'other.txt');
  writeFileSync(file, 'ANSWER\n');
  await expect(replay(file, { script })).rejects.toMatchObject({ code: 'FASTAGI_CASSETTE' });
});
