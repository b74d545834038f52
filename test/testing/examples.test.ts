import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Script } from '../../src/index';
import { everywhere, type EverywhereOptions, type Fault } from '../../src/testing';
import { hasProgram } from '../support/parts';
import { project } from '../support/super-server';

const directory = mkdtempSync(join(tmpdir(), 'fastagi-examples-'));
afterAll(() => rmSync(directory, { recursive: true }));

const config = { tts: { engine: 'espeak-ng' }, phpagi: { tempdir: directory } };
const pins = { 'account/1234/pin': '4711' };

/** How each example is called. */
const calls: Record<string, EverywhereOptions> = {
  account: { config, keys: '1234#4711#2#9', database: pins, invariant: ({ database }) => expect(database).toMatchObject(pins) },
  callback: { args: ['PJSIP/provider', directory], callerId: { name: '', number: '4930123456' } },
  dtmf: { keys: '123#' },
  input: { config, keys: '22#' },
  menu: { keys: '2*' },
  ping: { config, keys: '127*0*0*1#' },
  'test-agi': {},
  voicemail: { keys: '#1' },
  'wake-up': { keys: '0630', args: [directory] },
};
const names = readdirSync(join(project, 'examples')).filter((name) => name.endsWith('.js')).map((name) => name.slice(0, -3)); // prettier-ignore
const faults: Fault[] = ['hangup', 'silence', 'wrongKey', 'error', 'lost', 'slow'];

it('are all tried here', () => expect(Object.keys(calls)).toEqual(names));

describe.runIf(hasProgram('espeak-ng'))('the examples', () => {
  it.each(names.flatMap((name) => faults.map((fault) => [name, fault] as const)))(
    '%s stands "%s" at each of its commands',
    async (name, fault) => {
      const { default: script } = (await import(join(project, 'examples', `${name}.js`))) as { default: Script };
      await everywhere(script, fault, calls[name]);
    },
  );
});
