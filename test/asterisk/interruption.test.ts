import { afterAll, beforeAll, expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { lateLink, type LateLink } from './support/late-link';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

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
    const rounds = ['first', 'second', 'third'].flatMap((round) => [round, `${round} is over`, 'up', false]);
    expect(await runInCall(asterisk, server, 'interruption/rounds.js', { name, given: call })).toEqual(rounds);
  });

  test.each(interruptible)('that has just been sent stops too, and nothing waits for ever: %s', async (name, call) => {
    server.use('interruption/at-once.js', { name: `${name}-at-once.js`, given: call });
    await asterisk.originate(`${name}-at-once@late`);
    expect(await server.result(`${name}-at-once`)).toEqual([]);
  });

  test('that has not begun is not sent', async () => {
    const log = asterisk.log();
    expect(await runInCall(asterisk, server, 'interruption/early.js')).toEqual(['before', null, 'in the queue', 'up']);
    expect(log.text()).not.toContain("Playing 'beep");
  });

  test('that ends by itself at the same moment does not put the replies out of step', async () => {
    expect(await runInCall(asterisk, server, 'interruption/moment.js')).toEqual([]);
  });

  test('a file is played until a promise settles', async () => {
    const log = asterisk.log();
    expect(await runInCall(asterisk, server, 'interruption/playing.js')).toEqual([
      'the value',
      'the error',
      'without a sound',
      'up',
      false,
    ]);
    expect(log.text().match(/Playing 'beep/g)?.length).toBeGreaterThan(1);
  });

  test('a key still ends a file that could be interrupted', async () => {
    expect(await runInCall(asterisk, server, 'interruption/key.js', { caller: 'press5' })).toEqual(['5', 'up']);
  });
});
