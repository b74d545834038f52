import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { project, useAsterisk } from './support/asterisk';
import { describeWithAsterisk } from './support/requirements';
import { scriptSource } from './support/scripts';
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
  const script = (name: string, body: string, firstLine = '') => {
    const file = `${asterisk.run}/agi-bin/${name}.js`;
    writeFileSync(file, firstLine + scriptSource(body, out()));
    chmodSync(file, 0o755);
  };
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
    script(
      'plain',
      `await agi.setVariable('test', '1111');
  const playback = await agi.streamFile('beep');
  leave('plain', [agi.args, await agi.getVariable('test'), playback, agi.request.agi_network, agi.request.agi_request, agi.audio]);`,
    );
    await asterisk.originate('plain');
    expect(await result('plain')).toEqual([['one', 'two, three'], '1111', { digit: null, endpos: 3520 }, null, 'fastagi', null]);
    await log.match(/@@ plain SUCCESS SUCCESS \[\]/);
  });

  test('runs a script by its first line', async () => {
    const log = asterisk.log();
    script('program', "leave('program', [agi.args, await agi.getVariable('CONTEXT')]);", '#!/usr/bin/env -S fastagi run\n');
    await asterisk.originate('program@program');
    expect(await result('program')).toEqual([['one', 'two'], 'program']);
    await log.match(/@@ program SUCCESS SUCCESS \[\]/);
  });

  test.each([
    ['throwing', "throw new Error('the reason');", 'FAILURE', /the reason/],
    ['exiting', 'process.exit(3);', 'FAILURE', /3/],
    ['missing', undefined, 'NOTFOUND', /missing\.js/],
  ])('a script that fails makes AGISTATUS FAILURE: %s', async (name, body, status, reason) => {
    const log = asterisk.log();
    if (body !== undefined) script(name, body);
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
    script(
      name,
      `const events = [];
  agi.signal.addEventListener('abort', () => events.push('signal'));
  await agi.verbose('@@ ready');
  try {
    await ${doing};
  } catch (error) {
    events.push(error.constructor.name);
    throw error;
  } finally {
    await sleep(500);
    await agi.databasePut('classic', '${name}', 'stored');
    leave('${name}', [events, agi.hungUp]);
  }`,
    );
    await asterisk.originate(name);
    await log.match(/@@ ready\n/);
    await asterisk.hangUp();
    expect(await result(name)).toEqual([['signal', 'HangupError'], true]);
    await log.match(/@@ over HANGUP HANGUP/);
    expect(await asterisk.rx(`database get classic ${name}`)).toBe('Value: stored\n');
  });

  test('whatever the script prints stays off the wire', async () => {
    const log = asterisk.log();
    script(
      'printing',
      `console.log('VERBOSE "smuggled"');
  console.error('VERBOSE "smuggled"');
  process.stdout.write('VERBOSE "smuggled"\\n');
  const { writeSync } = await import('node:fs');
  writeSync(1, 'VERBOSE "smuggled"\\n');
  const { execFileSync } = await import('node:child_process');
  execFileSync('echo', ['VERBOSE "smuggled"'], { stdio: 'inherit' });
  await agi.setVariable('STEP', 'in step');
  leave('printing', await agi.getVariable('STEP'));`,
    );
    await asterisk.originate('printing');
    expect(await result('printing')).toBe('in step');
    await log.match(/@@ printing SUCCESS SUCCESS/);
    expect(log.text()).not.toContain(': smuggled');
  });

  test('EAGI gives the script what the caller says', async () => {
    const log = asterisk.log();
    script(
      'listening',
      `let bytes = 0;
  let loud = 0;
  agi.audio.on('data', (chunk) => {
    bytes += chunk.length;
    for (let at = 0; at + 1 < chunk.length; at += 2) if (Math.abs(chunk.readInt16LE(at)) > 500) loud += 1;
  });
  await agi.waitForDigit(2000);
  leave('listening', { bytes, loud, enhanced: agi.request.agi_enhanced });`,
    );
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
    script('deaf', "leave('deaf', (await agi.streamFile('beep')).endpos);");
    await asterisk.originate('deaf@eagi', 'speak');
    expect(await result('deaf')).toBe(3520);
    await log.match(/@@ deaf SUCCESS SUCCESS/);
  });

  test('EAGI: what the caller says ends with the call, though Asterisk keeps it open until the script ends', async () => {
    const log = asterisk.log();
    script(
      'audio',
      "let bytes = 0;\n  await agi.verbose('@@ ready');\n  for await (const part of agi.audio) bytes += part.length;\n  leave('audio', [bytes > 0, agi.hungUp]);",
    );
    await asterisk.originate('audio@eagi', 'speak');
    await log.match(/@@ ready\n/);
    await sleep(500);
    await asterisk.hangUp();
    expect(await result('audio')).toEqual([true, true]);
    await asterisk.idle();
  });

  test('Asterisk waits for a program that has released its call until that ends, and the log says so', async () => {
    const log = asterisk.log();
    script('releasing', "await agi.release();\n  await sleep(800);\n  leave('releasing', [agi.hungUp, await settled(agi.noop())]);");
    await asterisk.originate('releasing');
    await log.match(/@@ releasing SUCCESS SUCCESS \[\]/);
    expect(await result('releasing')).toEqual([false, { error: 'UsageError', code: 'FASTAGI_RELEASED' }]);
  });
});
