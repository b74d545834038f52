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
  const inCall = (name: string, body: string, caller?: string) => runInCall(asterisk, server, name, body, caller);

  test('a question that the caller answers while it is asked', async () => {
    const body = `leave('asks', await agi.ask(['demo-congrats', 'beep'], { digits: { min: 2, max: 6 } }));`;
    expect(await inCall('asks', body, 'keys123#')).toEqual({ outcome: 'entered', digits: '123' });
  });

  test('a question that nobody answers, and one that is answered wrongly', async () => {
    const silent = `leave('silent', await agi.ask('beep', { attempts: 2, timeouts: { first: 200 }, onTimeout: 'beeperr' }));`;
    const log = asterisk.log();
    expect(await inCall('silent', silent)).toEqual({ outcome: 'timedOut' });
    expect(log.text().match(/Playing 'beep\./g)).toHaveLength(2);
    expect(log.text().match(/Playing 'beeperr\./g)).toHaveLength(2);
    const wrong = `leave('wrong', await agi.ask('demo-congrats', { digits: 1, attempts: 2, validate: () => false, timeouts: { first: 500 } }));`;
    expect(await inCall('wrong', wrong, 'press5')).toEqual({ outcome: 'gaveUp', digits: '5' });
  });

  test('a menu', async () => {
    expect(await inCall('chooses', `leave('chooses', await agi.menu({ 4: 'beep', 5: 'demo-congrats' }));`, 'press5')).toBe('5');
    expect(await inCall('idles', `leave('idles', await agi.menu({ 1: 'beep' }, 200, { attempts: 2 }));`)).toBeNull();
  });

  test('type-ahead through two menus that share keys, and other keys that do not stop a prompt', async () => {
    const body = `
  const keys = { digits: '' };
  const chosen = [await agi.METHOD({ 1: 'demo-congrats', 2: 'demo-thanks', 0: 'beep' })];
  chosen.push(await agi.METHOD([['1', 'demo-congrats'], ['2', 'demo-thanks'], ['*', 'beep']]));
  leave('NAME', [...chosen, keys.digits]);`;
    const fast = body.replaceAll('METHOD(', 'fastpassMenu(keys, ');
    expect(await inCall('ahead', fast.replace('NAME', 'ahead'), 'keys21')).toEqual(['2', '1', '']);
    expect(await inCall('chooses21', body.replaceAll('METHOD', 'menu').replace('NAME', 'chooses21'), 'keys9921')).toEqual(['2', '1', '']);
  });

  test('a row of prompts', async () => {
    const body = `
  const signal = AbortSignal.timeout(3000);
  leave('plays', [
    await agi.play(['beep', { digits: 1 }, { pause: 800 }]),
    await agi.play(['demo-congrats', 'demo-thanks'], '7', { signal }).catch((error) => error.name),
    await agi.play(['beep', 'demo-congrats', 'demo-thanks'], '5'),
  ]);`;
    expect(await inCall('plays', body, 'press5')).toEqual([{ digit: null }, 'TimeoutError', { digit: '5' }]);
  });

  test('a text typed by keys', async () => {
    const body = `
      agi.config.tts.engine = 'none-that-is-known';
      leave('types', await agi.textInput('upper'));`;
    expect(await inCall('types', body, 'keys44*444#')).toBe('HI');
  });

  test('fast-passing', async () => {
    const body = `
      const keys = { digits: '' };
      const first = await agi.fastpassStreamFile(keys, 'demo-congrats', '5');
      leave('passes', [first.digit, await agi.fastpassMenu(keys, { 5: 'demo-congrats' }), await agi.fastpassGetData(keys, 'demo-congrats', 500, 1)]);`;
    expect(await inCall('passes', body, 'press5')).toEqual(['5', '5', { digits: '5', timedOut: false }]);
  });

  test('the derived methods', async () => {
    const body = `
      await agi.setGlobalVariable('SHARED', 'by all');
      await agi.execSetLanguage('de');
      await agi.execAbsoluteTimeout(60);
      const dialled = await agi.execDial('Local', 'nobody@nowhere', 1);
      await agi.conlog('never shown');
      leave('derives', {
        shared: await agi.getVariable('GLOBAL(SHARED)'), language: await agi.getVariable('CHANNEL(language)'), status: await agi.getVariable('DIALSTATUS'), dialled,
        callerId: agi.parseCallerId('"A B" <sip:1@h:2>').host,
      });
      await agi.goto('subroutine');`;
    const log = asterisk.log();
    expect(await inCall('derives', body)).toEqual({
      shared: 'by all', language: 'de', status: expect.stringMatching(/CHANUNAVAIL|CONGESTION/) as string, dialled: 0, callerId: 'h',
    }); // prettier-ignore
    await log.match(/Executing \[s@subroutine:1\]/);
    expect(log.text()).not.toContain('never shown');
  });

  test.runIf(process.env['CI'] === 'true' || hasProgram('espeak-ng'))('speech', async () => {
    const spoken = `${asterisk.run}/spoken`;
    mkdirSync(spoken);
    chmodSync(spoken, 0o1777);
    const body = `
      agi.config.phpagi.tempdir = ${JSON.stringify(spoken)};
      agi.config.tts.engine = 'espeak-ng';
      const first = await agi.say('hello, the server has been called');
      const again = await agi.say('hello, the server has been called');
      leave('speaks', [first, again, await agi.ask('*a question', { digits: 1, attempts: 1, timeouts: { first: 100 } })]);`;
    const log = asterisk.log();
    const [first, again, answer] = (await inCall('speaks', body)) as [{ digit: null; endpos: number }, unknown, unknown];
    // At least a second of it was played.
    expect(first.endpos).toBeGreaterThan(8000);
    expect(again).toEqual(first);
    expect(answer).toEqual({ outcome: 'timedOut' });
    expect(log.text().match(/Playing '\S*\/fastagi-tts-\d+\/\w+\./g)).toHaveLength(3);
  });
});
