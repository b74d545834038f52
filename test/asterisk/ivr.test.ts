import { mkdirSync, chmodSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasProgram } from '../support/parts';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

describeWithXinetd('what is built on the commands', () => {
  const server = useServer();
  const asterisk = useAsterisk(() => dialplanFor(server));
  const inCall = (name: string, caller?: string, given?: unknown) => runInCall(asterisk, server, `ivr/${name}.js`, { caller, given });
  const oneCall = (name: string, call: string, caller?: string) => runInCall(asterisk, server, 'call.js', { name, given: call, caller });

  test('a question that the caller answers while it is asked', async () => {
    const call = "agi.ask(['demo-congrats', 'beep'], { digits: { min: 2, max: 6 } })";
    expect(await oneCall('asks', call, 'keys123#')).toEqual({ outcome: 'entered', digits: '123' });
  });

  test('a question that nobody answers, and one that is answered wrongly', async () => {
    const silent = "agi.ask('beep', { attempts: 2, timeouts: { first: 200 }, onTimeout: 'beeperr' })";
    const log = asterisk.log();
    expect(await oneCall('silent', silent)).toEqual({ outcome: 'timedOut' });
    expect(log.text().match(/Playing 'beep\./g)).toHaveLength(2);
    expect(log.text().match(/Playing 'beeperr\./g)).toHaveLength(2);
    const wrong = "agi.ask('demo-congrats', { digits: 1, attempts: 2, validate: () => false, timeouts: { first: 500 } })";
    expect(await oneCall('wrong', wrong, 'press5')).toEqual({ outcome: 'gaveUp', digits: '5' });
  });

  test('a menu', async () => {
    expect(await oneCall('chooses', "agi.menu({ 4: 'beep', 5: 'demo-congrats' })", 'press5')).toBe('5');
    expect(await oneCall('idles', "agi.menu({ 1: 'beep' }, 200, { attempts: 2 })")).toBeNull();
  });

  test('type-ahead through two menus that share keys, and other keys that do not stop a prompt', async () => {
    expect(await inCall('fast-passing-menus', 'keys21')).toEqual(['2', '1', '']);
    expect(await inCall('menus', 'keys9921')).toEqual(['2', '1']);
  });

  test('a row of prompts', async () => {
    expect(await inCall('plays', 'press5')).toEqual([{ digit: null }, 'TimeoutError', { digit: '5' }]);
  });

  test('a text typed by keys', async () => {
    expect(await inCall('types', 'keys44*444#')).toBe('HI');
  });

  test('fast-passing', async () => {
    expect(await inCall('passes', 'press5')).toEqual(['5', '5', { digits: '5', timedOut: false }]);
  });

  test('the derived methods', async () => {
    const log = asterisk.log();
    expect(await inCall('derives')).toEqual({
      shared: 'by all', language: 'de', status: expect.stringMatching(/CHANUNAVAIL|CONGESTION/) as string, dialled: 0, callerId: 'h',
    }); // prettier-ignore
    await log.match(/Executing \[s@subroutine:1\]/);
    expect(log.text()).not.toContain('never shown');
  });

  test.runIf(process.env['CI'] === 'true' || hasProgram('espeak-ng'))('speech', async () => {
    const spoken = `${asterisk.run}/spoken`;
    mkdirSync(spoken);
    chmodSync(spoken, 0o1777);
    const log = asterisk.log();
    const [first, again, answer] = (await inCall('speaks', undefined, spoken)) as [{ digit: null; endpos: number }, unknown, unknown];
    // At least a second of it was played.
    expect(first.endpos).toBeGreaterThan(8000);
    expect(again).toEqual(first);
    expect(answer).toEqual({ outcome: 'timedOut' });
    expect(log.text().match(/Playing '\S*\/fastagi-tts-\d+\/\w+\./g)).toHaveLength(3);
  });
});
