import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';

describeWithXinetd('workers', () => {
  const server = useServer({ workers: true, fastagi: 'workers = 2\nmax_calls = 2\ndrain = 1' });
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
 same => n,Verbose(1,@@ over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${AGISTATUS})
 same => n,Hangup()
`,
  );
  /** A script that does something, and says before that it is there. */
  const script = (name: string, doing: string): void =>
    server.script(`${name}.js`, `export default async (agi) => { await agi.verbose('@@ here'); ${doing} };\n`);

  test('serve calls of a real Asterisk', async () => {
    script('simple', "await agi.setVariable('a', '1');");
    const log = asterisk.log();
    await asterisk.originate('simple');
    await log.match(/@@ over SUCCESS \[\] SUCCESS\n/);
  });

  test('tell the dialplan that max_calls are there, at once', async () => {
    script('holding', 'await agi.waitForDigit(-1);');
    const log = asterisk.log();
    await asterisk.originate('holding');
    await asterisk.originate('holding');
    await log.match(/@@ here[^]*@@ here/);
    await asterisk.originate('holding');
    await log.match(/@@ over BUSY \[2 calls are being served, which is max_calls\] \w+\n/);
    await asterisk.hangUp();
  });

  /** It is in a name space of processes of its own: the script itself has its master end. */
  const stop = "process.kill(process.ppid, 'SIGTERM');";

  test('let a call go that waits for an application when they are stopped: it runs to its end, and the dialplan goes on', async () => {
    script('applying', `${stop} await agi.exec('Wait', [4]); await agi.verbose('@@ never');`);
    const log = asterisk.log();
    await asterisk.originate('applying');
    await log.match(/@@ here\n/);
    const began = Date.now();
    const { input } = await log.match(/@@ over .*\n/);
    expect(Date.now() - began).toBeGreaterThan(2500);
    expect(input).not.toContain('@@ never');
  });

  test('hang up what still plays when they are stopped, and the dialplan goes on', async () => {
    script('playing', `${stop} try { await agi.streamFile('demo-congrats'); } finally { await agi.setVariable('stored', 'yes'); }`);
    const log = asterisk.log();
    const own = server.log();
    await asterisk.originate('playing');
    await log.match(/@@ over HANGUP \[.*\] \w+\n/);
    await own.match(/ ended\n/);
    // xinetd starts others for the next call.
    await asterisk.originate('simple');
    await log.match(/@@ over SUCCESS/);
  });
});
