import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project, useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { until } from './support/waiting';

describeWithXinetd('the examples, and programs in other languages', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN},\${ARGUMENT})
 same => n,Verbose(1,@@ \${EXTEN} \${FASTAGISTATUS} [\${CHOSEN}\${MESSAGE}\${TOLD}])
 same => n,Hangup()
exten => h,1,Verbose(1,@@ over \${FASTAGISTATUS} [\${MESSAGE} \${SECONDS}])
[recording]
exten => s,1,Set(ARGUMENT=\${ASTSPOOLDIR}/tmp)
 same => n,Goto(default,voicemail,1)
[calling]
exten => s,1,Set(CALLERID(num)=4930123)
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/callback,Local/s@answering/n,\${ASTSPOOLDIR}/outgoing)
[answering]
exten => s,1,Answer()
 same => n,Wait(60)
[called-back]
exten => s,1,Verbose(1,@@ called back \${CALLED_BACK})
 same => n,Hangup()
`,
  );
  const install = (name: string) => server.script(`${name}.js`, readFileSync(join(project, `examples/${name}.js`), 'utf8'));

  test('dtmf says the digits back', async () => {
    install('dtmf');
    const log = asterisk.log();
    await asterisk.originate('dtmf', 'keys42#');
    await log.match(/the caller pressed 42/);
    await log.match(/Playing 'digits\/4\.[^]*Playing 'digits\/2\./);
  });

  test('menu takes what is typed ahead', async () => {
    install('menu');
    const log = asterisk.log();
    await asterisk.originate('menu', 'keys21');
    await log.match(/@@ menu SUCCESS \[2-1\]/);
  });

  test('voicemail keeps the message of a caller who hangs up', async () => {
    install('voicemail');
    const log = asterisk.log();
    await asterisk.originate('s@recording', 'speak');
    const file = await until('the recording', async () =>
      Promise.resolve(readdirSync(`${asterisk.run}/spool/tmp`).find((name) => name.startsWith('message-'))),
    );
    await until('some sound', async () => Promise.resolve(statSync(`${asterisk.run}/spool/tmp/${file}`).size > 20_000 ? true : undefined));
    await asterisk.hangUp();
    const [, seconds] = await log.match(/@@ over HANGUP \[\S*message-\S+ (\d+)\]/);
    expect(Number(seconds)).toBeGreaterThan(0);
  });

  test('callback has Asterisk call', async () => {
    install('callback');
    const log = asterisk.log();
    await asterisk.originate('s@calling');
    await log.match(/@@ called back 4930123/);
    await until('the file to be used up', async () =>
      Promise.resolve(readdirSync(`${asterisk.run}/spool/outgoing`).length === 0 ? true : undefined),
    );
  });

  test.runIf(existsSync('/usr/share/perl5/Asterisk/AGI.pm') || process.env['CI'] === 'true')("Perl's Asterisk::AGI", async () => {
    server.use('examples/old.pl');
    const log = asterisk.log();
    await asterisk.originate('old.pl');
    await log.match(/@@ old\.pl SUCCESS \[default old\.pl 0\]/);
  });
});
