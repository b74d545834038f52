import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { project, useAsterisk } from './support/asterisk';
import { describeWithAsterisk } from './support/requirements';
import { useScript, type Use } from './support/scripts';
import { until } from './support/waiting';

describeWithAsterisk('classic AGI', () => {
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(fastagi,run,\${EXTEN}.js,one,"two, three")
 same => n,Verbose(1,@@ \${EXTEN} \${AGISTATUS} \${FASTAGISTATUS} [\${FASTAGIERROR}])
exten => h,1,Verbose(1,@@ over \${AGISTATUS} \${FASTAGISTATUS})

[eagi]
exten => _[a-z].,1,Answer()
 same => n,EAGI(fastagi,run,\${EXTEN}.js)
 same => n,Verbose(1,@@ \${EXTEN} \${AGISTATUS} \${FASTAGISTATUS} [\${FASTAGIERROR}])

[program]
exten => _[a-z].,1,Answer()
 same => n,AGI(\${EXTEN}.js,one,two)
 same => n,Verbose(1,@@ \${EXTEN} \${AGISTATUS} \${FASTAGISTATUS} [\${FASTAGIERROR}])
`,
  );
  const out = () => `${asterisk.run}/out`;
  const script = (file: string, how: Use = {}) => useScript(`${asterisk.run}/agi-bin`, `${file}.js`, { owner: 0, ...how });
  const result = (name: string) =>
    until(`${name} to be written`, () =>
      existsSync(`${out()}/${name}`) ? (JSON.parse(readFileSync(`${out()}/${name}`, 'utf8')) as unknown) : undefined,
    );

  beforeAll(() => {
    // Seen from inside Asterisk's root, where the project and /usr/local/bin/fastagi are too.
    symlinkSync('/usr/local/bin/fastagi', `${asterisk.run}/agi-bin/fastagi`);
    mkdirSync(`${asterisk.run}/agi-bin/node_modules`);
    symlinkSync(project, `${asterisk.run}/agi-bin/node_modules/fastagi`);
    writeFileSync(`${asterisk.run}/agi-bin/package.json`, '{ "type": "module" }\n');
  });

  test('runs a script with its arguments', async () => {
    const log = asterisk.log();
    script('classic/plain');
    await asterisk.originate('plain');
    expect(await result('plain')).toEqual([['one', 'two, three'], '1111', { digit: null, endpos: 3520 }, null, 'fastagi', null]);
    await log.match(/@@ plain SUCCESS SUCCESS \[\]/);
  });

  test('runs a script by its first line', async () => {
    const log = asterisk.log();
    script('classic/program');
    await asterisk.originate('program@program');
    expect(await result('program')).toEqual([['one', 'two'], 'program']);
    await log.match(/@@ program SUCCESS SUCCESS \[\]/);
  });

  test.each([
    ['throwing', 'FAILURE', /the reason/],
    ['exiting', 'FAILURE', /3/],
    ['missing', 'NOTFOUND', /missing\.js/],
  ])('a script that fails makes AGISTATUS FAILURE: %s', async (name, status, reason) => {
    const log = asterisk.log();
    if (name !== 'missing') script(`outcomes/${name}`);
    await asterisk.originate(name);
    const [, told, why] = await log.match(new RegExp(`@@ ${name} FAILURE (\\w+) \\[(.*)\\]`));
    expect(told).toBe(status);
    expect(why).toMatch(reason);
  });

  test.each([
    ['streaming', "agi.streamFile('demo-congrats')"],
    ['digit', 'agi.waitForDigit(-1)'],
    [
      'between',
      "new Promise((resolve) => (agi.signal.aborted ? resolve() : agi.signal.addEventListener('abort', resolve))).then(() => agi.answer())",
    ],
  ])('SIGHUP is a hangup like any other, and the script finishes: %s', async (name, doing) => {
    const log = asterisk.log();
    script('classic/signalled', { name: `${name}.js`, given: { name, call: doing } });
    await asterisk.originate(name);
    await log.match(/@@ ready\n/);
    await asterisk.hangUp();
    expect(await result(name)).toEqual([['signal', 'HangupError'], true]);
    await log.match(/@@ over HANGUP HANGUP/);
    expect(await asterisk.rx(`database get classic ${name}`)).toBe('Value: stored\n');
  });

  test('whatever the script prints stays off the wire', async () => {
    const log = asterisk.log();
    script('classic/printing');
    await asterisk.originate('printing');
    expect(await result('printing')).toBe('in step');
    await log.match(/@@ printing SUCCESS SUCCESS/);
    expect(log.text()).not.toContain(': smuggled');
  });

  test('EAGI gives the script what the caller says', async () => {
    const log = asterisk.log();
    script('classic/listening');
    await asterisk.originate('listening@eagi', 'speak');
    const heard = (await result('listening')) as { bytes: number; loud: number; enhanced: string };
    expect(heard.enhanced).toBe('1.0');
    // Two seconds are 32,000 bytes; some of them are enough.
    expect(heard.bytes).toBeGreaterThan(3200);
    expect(heard.loud).toBeGreaterThan(0);
    await log.match(/@@ listening SUCCESS SUCCESS/);
  });

  test('EAGI: a script that does not listen ends as any other', async () => {
    const log = asterisk.log();
    script('classic/deaf');
    await asterisk.originate('deaf@eagi', 'speak');
    expect(await result('deaf')).toBe(3520);
    await log.match(/@@ deaf SUCCESS SUCCESS/);
  });

  test('EAGI: what the caller says ends with the call, though Asterisk keeps it open until the script ends', async () => {
    const log = asterisk.log();
    script('classic/audio');
    await asterisk.originate('audio@eagi', 'speak');
    await log.match(/@@ ready\n/);
    await sleep(500);
    await asterisk.hangUp();
    expect(await result('audio')).toEqual([true, true]);
    await asterisk.idle();
  });

  test('Asterisk waits for a program that has released its call until that ends, and the log says so', async () => {
    const log = asterisk.log();
    script('classic/releasing');
    await asterisk.originate('releasing');
    await log.match(/@@ releasing SUCCESS SUCCESS \[\]/);
    expect(await result('releasing')).toEqual([false, { error: 'UsageError', code: 'FASTAGI_RELEASED' }]);
  });
});
