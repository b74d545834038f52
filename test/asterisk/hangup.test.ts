import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor } from './support/scripts';

/** What the script is doing when the caller hangs up, and what it gets. */
const moments: [name: string, doing: string, outcome: unknown][] = [
  ['streaming', "agi.streamFile('demo-congrats')", 'HangupError'],
  ['digit', 'agi.waitForDigit(-1)', 'HangupError'],
  ['data', "agi.getData('demo-congrats', 60000)", 'HangupError'],
  ['option', "agi.getOption('demo-congrats', '1', 60000)", 'HangupError'],
  ['controlled', "agi.controlStreamFile('demo-congrats', '1')", 'HangupError'],
  ['saying', "agi.sayDigits('123456789012345678901234567890')", 'HangupError'],
  ['application', "agi.exec('Wait', [60])", 'HangupError'],
  ['routine', "agi.gosub('subroutine', 'long', 1)", 'HangupError'],
  ['recording', "agi.recordFile('/tmp/recording', 'gsm', '#', 60000)", { reason: 'hangup', digit: null }],
  ['looping', "agi.playWhile(new Promise(() => {}), 'beep')", 'HangupError'],
  [
    'between',
    "new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve))).then(() => agi.streamFile('beep'))",
    'HangupError',
  ],
  ['asleep', 'sleep(1500).then(() => agi.answer())', 'HangupError'],
  ['interruptible', "agi.streamFile('demo-congrats', '', 0, { signal: agi.signal })", 'HangupError'],
];

/** How a script hangs up its own channel. */
const ownHangups: [name: string, doing: string][] = [
  ['unnamed', 'agi.hangup()'],
  ['named', "agi.hangup(agi.request['agi_channel'])"],
  ['lowercase', "agi.hangup(agi.request['agi_channel'].toLowerCase())"],
  ['numbered', "agi.hangup(agi.request['agi_uniqueid'])"],
  ['written', "agi.evaluate(`HANGUP ${agi.request['agi_channel']}`)"],
];

describeWithXinetd('a script that hangs up itself', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
exten => h,1,Verbose(1,@@ afterwards \${FASTAGISTATUS} [\${FASTAGIERROR}])
`,
  );

  test.each(ownHangups)('has done what it wanted: %s', async (name, doing) => {
    server.use('hangup/own.js', { name: `${name}.js`, given: doing });
    const log = asterisk.log();
    await asterisk.originate(`${name}@default`);
    await log.match(/@@ afterwards SUCCESS \[\]/);
  });
});

describeWithXinetd('a caller who hangs up', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `${dialplanFor(server)}
exten => long,1,Wait(60)
 same => n,Return()

[after]
exten => s,1,Hangup()
exten => h,1,AGI(agi://127.0.0.1:${String(server.port)}/afterwards)
 same => n,Verbose(1,@@ afterwards \${FASTAGISTATUS})
exten => silent,1,Answer()
 same => n,Set(AGISIGHUP=no)
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/unsignalled)
exten => leaving,1,Answer()
 same => n,Set(AGIEXITONHANGUP=yes)
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/leaving)
`,
  );

  test.each(moments)('while the script does this: %s', async (name, doing, outcome) => {
    server.use('hangup/moment.js', { name: `${name}.js`, given: { name, call: doing } });
    const log = asterisk.log();
    await asterisk.originate(name);
    await log.match(/@@ ready\n/);
    await sleep(300);
    await asterisk.hangUp();
    expect(await server.result(name)).toEqual({ outcome, events: ['signal', 'HangupError'], hungUp: true, aborted: true });
    await log.match(/@@ over HANGUP \[.+\]\n/);
    expect(await asterisk.rx(`database get hangup ${name}`)).toBe('Value: stored\n');
  });

  test('a script that was started on a dead channel learns it from its first command', async () => {
    server.use('hangup/afterwards.js');
    const log = asterisk.log();
    await asterisk.originate('s@after');
    const error = { error: 'HangupError', code: 'FASTAGI_HANGUP' };
    expect(await server.result('afterwards')).toEqual([false, null, error, true]);
    await log.match(/@@ afterwards HANGUP\n/);
  });

  test('without the notice (AGISIGHUP=no) a failed command still tells hangup from failure', async () => {
    const log = asterisk.log();
    server.use('hangup/unsignalled.js');
    await asterisk.originate('silent@after');
    await log.match(/@@ ready\n/);
    await asterisk.hangUp();
    expect(await server.result('unsignalled')).toEqual({ error: 'HangupError', code: 'FASTAGI_HANGUP' });
  });

  test('where Asterisk closes the connection at once (AGIEXITONHANGUP=yes) the script ends too', async () => {
    const log = asterisk.log();
    server.use('hangup/leaving.js');
    await asterisk.originate('leaving@after');
    await log.match(/@@ ready\n/);
    await asterisk.hangUp();
    const error = { error: 'HangupError', code: 'FASTAGI_HANGUP' };
    expect(await server.result('leaving')).toEqual([error, error]);
  });
});
