import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { useAsterisk, version } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor } from './support/scripts';

describeWithXinetd('every call ends', () => {
  const server = useServer({ fastagi: 'hangup_grace = 2' });
  const asterisk = useAsterisk(
    () => `${dialplanFor(server)}
[values]
exten => s,1,Answer()
 same => n,Set(TEXT=\${BASE64_DECODE(T25lIGxpbmUKClR3bywKYWdpX25ldHdvcmtfc2NyaXB0OiBldmls)})
 same => n,Set(CALLERID(name)=\${BASE64_DECODE(RXZlCgphZ2lfbmV0d29ya19zY3JpcHQ6IGV2aWwKYWdpX2FjY291bnRjb2RlOiB2aXAK)})
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/values,\${SHELL(echo first)},\${TEXT},last)
 same => n,Verbose(1,@@ values ended \${FASTAGISTATUS} [\${FASTAGIERROR}])

[silent]
exten => _[a-z].,1,Answer()
 same => n,Set(AGISIGHUP=no)
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
exten => h,1,Verbose(1,@@ over \${FASTAGISTATUS} [\${FASTAGIERROR}])
`,
  );

  const hangUpIn = async (
    name: string,
    place = 'default',
    sign = /@@ ready\n/,
    pause = 0,
  ): Promise<{ ended: string; ms: number; log: string }> => {
    const log = asterisk.log();
    const own = server.log();
    await asterisk.originate(`${name}@${place}`);
    await log.match(sign);
    await sleep(pause);
    await asterisk.hangUp();
    const begun = Date.now();
    const [ended] = await log.match(/@@ over .*\n/, 20);
    await asterisk.idle();
    return { ended, ms: Date.now() - begun, log: own.text() };
  };

  test.each([
    ['a script that never ends', 'never'],
    ['a script that waits for something else', 'elsewhere'],
    ['a loop that catches errors', 'spins'],
  ])('%s: the channel is gone after the grace', async (_what, name) => {
    server.use(`every-call-ends/${name}.js`);
    const { ended, log } = await hangUpIn(name);
    expect(ended).toMatch(/@@ over HANGUP/);
    expect(log).toContain('had not ended 2 s after the caller hung up');
    expect(log.split('again').length).toBeLessThan(40);
  });

  test('a program in the foreground of a shell', async () => {
    server.use('every-call-ends/program.sh');
    const { ended } = await hangUpIn('program.sh');
    expect(ended).toMatch(/@@ over HANGUP/);
  });

  test('a recording that the hangup ended counts as a hangup, without the notice too', async () => {
    server.use('every-call-ends/records.js');
    // The recording begins behind the beep.
    const { ended } = await hangUpIn('records', 'silent', /Playing 'beep/, 1000);
    expect(await server.result('records')).toEqual(['hangup', true, true]);
    expect(ended).toMatch(/@@ over HANGUP/);
  });

  test('values that hold newlines, empty lines and names cost no call and steer nothing', async () => {
    const log = asterisk.log();
    server.use('every-call-ends/values.js');
    await asterisk.originate('s@values');
    const seen = (await server.result('values')) as Record<string, string> & { args: string[] };
    await log.match(/@@ values ended SUCCESS \[\]\n/);
    expect(seen['agi_network_script']).toBe('values');
    expect(seen['agi_calleridname']).toBe('Eve\n\nagi_network_script: evil\nagi_accountcode: vip');
    expect(seen['agi_accountcode']).toBe('');
    // An old Asterisk may send an argument in pieces: an empty line that comes alone is taken for the end.
    if (version === 16) expect(seen.args[0]).toMatch(/^first\n?$/);
    else expect(seen.args).toEqual(['first\n', 'One line\n\nTwo', '\nagi_network_script: evil', 'last']);
  });

  test('the dialplan goes on while the script does', async () => {
    const log = asterisk.log();
    server.use('every-call-ends/releases.js');
    await asterisk.originate('releases');
    await log.match(/@@ releases ended SUCCESS \[\]\n/);
    const after = Date.now();
    const [left, hungUp, refused] = (await server.result('releases')) as [number, boolean, unknown];
    expect(left).toBeGreaterThan(after);
    expect(hungUp).toBe(false);
    expect(refused).toEqual({ error: 'UsageError', code: 'FASTAGI_RELEASED' });
  });

  test('a forgotten await is waited for, and fails the call where it fails', async () => {
    const log = asterisk.log();
    server.use('every-call-ends/forgets.js');
    await asterisk.originate('forgets');
    const [, why] = await log.match(/@@ forgets ended FAILURE \[(.*)\]\n/);
    expect(why).toMatch(/^STREAM FILE/);
  });
});
