import { afterAll, beforeAll, expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { lateLink, type LateLink } from './support/late-link';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall, scriptSource } from './support/scripts';

const interruptible: [name: string, call: string][] = [
  ['streaming', "agi.streamFile('demo-congrats', '', 0, { signal })"],
  ['data', "agi.getData('demo-congrats', 60000, 4, { signal })"],
  ['option', "agi.getOption('demo-congrats', '1', 60000, { signal })"],
  ['digit', 'agi.waitForDigit(60000, { signal })'],
];

describeWithXinetd('an interrupted command', () => {
  const server = useServer();
  let link: LateLink;
  beforeAll(async () => {
    link = await lateLink(() => server.port, 20);
  });
  afterAll(() => link.close());
  const asterisk = useAsterisk(
    () => `${dialplanFor(server)}
[late]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(link.port)}/\${EXTEN})
`,
  );

  test.each(interruptible)('rejects with the reason, and what follows is in step: %s', async (name, call) => {
    const body = `const results = [];
  for (const round of ['first', 'second', 'third']) {
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(new Error(round)), 300);
    results.push(await ${call}.catch((error) => error.message));
    await agi.setVariable('ROUND', round + ' is over');
    results.push(await agi.getVariable('ROUND'), await agi.channelStatus(), agi.hungUp);
  }
  leave('${name}', results);`;
    const rounds = ['first', 'second', 'third'].flatMap((round) => [round, `${round} is over`, 'up', false]);
    expect(await runInCall(asterisk, server, name, body)).toEqual(rounds);
  });

  test.each(interruptible)('that has just been sent stops too, and nothing waits for ever: %s', async (name, call) => {
    const body = `const slow = [];
  for (let round = 0; round < 12; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    const begun = Date.now();
    const playing = ${call}.catch((error) => error.message);
    // In the same packet, in the next one, and up to 10 ms later.
    if (round > 1) await sleep(round - 2);
    controller.abort(new Error('at once'));
    if ((await playing) !== 'at once') slow.push('not stopped');
    await agi.setVariable('ROUND', round);
    if (Date.now() - begun > 2000) slow.push(round);
  }
  leave('${name}-at-once', slow);`;
    server.script(`${name}-at-once.js`, scriptSource(body, server.out));
    await asterisk.originate(`${name}-at-once@late`);
    expect(await server.result(`${name}-at-once`)).toEqual([]);
  });

  test('that has not begun is not sent', async () => {
    const log = asterisk.log();
    const body = `const results = [await agi.streamFile('beep', '', 0, { signal: AbortSignal.abort(new Error('before')) }).catch((error) => error.message)];
  const controller = new AbortController();
  const first = agi.waitForDigit(200);
  const second = agi.streamFile('beep', '', 0, { signal: controller.signal }).catch((error) => error.message);
  controller.abort(new Error('in the queue'));
  results.push(await first, await second, await agi.channelStatus());
  leave('early', results);`;
    expect(await runInCall(asterisk, server, 'early', body)).toEqual(['before', null, 'in the queue', 'up']);
    expect(log.text()).not.toContain("Playing 'beep");
  });

  test('that ends by itself at the same moment does not put the replies out of step', async () => {
    const body = `const wrong = [];
  for (let round = 0; round < 40; round++) {
    const controller = new AbortController();
    const { signal } = controller;
    // 20 ms before the end of the wait up to 20 ms behind it.
    setTimeout(() => controller.abort(new Error('stopped')), 30 + round);
    const value = await agi.waitForDigit(50, { signal }).catch((error) => error.message);
    if (value !== undefined && value !== 'stopped') wrong.push(value);
    await agi.setVariable('ROUND', round);
    if ((await agi.getVariable('ROUND')) !== String(round)) wrong.push(round);
  }
  leave('moment', wrong);`;
    expect(await runInCall(asterisk, server, 'moment', body)).toEqual([]);
  });

  test('a file is played until a promise settles', async () => {
    const log = asterisk.log();
    const body = `const value = await agi.playWhile(sleep(2000, 'the value'), 'beep');
  const failed = await agi.playWhile(sleep(100).then(() => { throw new Error('the error'); }), 'demo-congrats').catch((error) => error.message);
  const silent = await agi.playWhile(sleep(300, 'without a sound'), 'no-such-file');
  leave('playing', [value, failed, silent, await agi.channelStatus(), agi.hungUp]);`;
    expect(await runInCall(asterisk, server, 'playing', body)).toEqual(['the value', 'the error', 'without a sound', 'up', false]);
    expect(log.text().match(/Playing 'beep/g)?.length).toBeGreaterThan(1);
  });

  test('a key still ends a file that could be interrupted', async () => {
    const body = `const controller = new AbortController();
  const { digit } = await agi.streamFile('demo-congrats', '5', 0, { signal: controller.signal });
  controller.abort();
  leave('key', [digit, await agi.channelStatus()]);`;
    expect(await runInCall(asterisk, server, 'key', body, 'press5')).toEqual(['5', 'up']);
  });
});
