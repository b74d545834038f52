import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hasProgram } from '../support/parts';
import { project, useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { until } from './support/waiting';

describeWithXinetd('the examples that speak, and the one that calls later', () => {
  const server = useServer({ sections: '[tts]\nengine = espeak-ng\n' });
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN},\${ASTSPOOLDIR}/outgoing)
 same => n,Verbose(1,@@ \${EXTEN} \${FASTAGISTATUS} [\${TYPED}\${PINGED}\${CDR(accountcode)}])
 same => n,Hangup()
[wake-up]
exten => s,1,Verbose(1,@@ woken up)
 same => n,Hangup()
`,
    () => ({ modules: ['func_cdr'] }),
  );
  beforeAll(() => {
    mkdirSync(`${asterisk.run}/spoken`);
    chmodSync(`${asterisk.run}/spoken`, 0o1777);
  });

  /** The example as it is; what is spoken lies where this Asterisk sees it. */
  const install = (name: string) => {
    server.script(`examples/${name}.js`, readFileSync(join(project, `examples/${name}.js`), 'utf8'));
    server.use('examples/spoken.js', {
      name: `${name}.js`,
      given: { example: `./examples/${name}.js`, tempdir: `${asterisk.run}/spoken` },
    });
  };

  const speaks = test.runIf(process.env['CI'] === 'true' || hasProgram('espeak-ng'));

  speaks('input says a text back that was typed by keys', async () => {
    install('input');
    const log = asterisk.log();
    await asterisk.originate('input', 'keyswwwwwwww44*444#');
    await log.match(/@@ input SUCCESS \[HI\]/);
    expect(log.text().match(/Playing '\S*\/fastagi-tts-\S+/g)?.length).toBeGreaterThan(2);
  });

  speaks('ping asks for an address, and says what came of it', async () => {
    install('ping');
    const log = asterisk.log();
    await asterisk.originate('ping', 'keys127*0*0*1#');
    await log.match(/@@ ping SUCCESS \[(?:[\d.]+|nothing)\]/);
  });

  speaks('account lets in who knows the PIN, and tells the balance', async () => {
    install('account');
    for (const [key, value] of Object.entries({ pin: '0815', balance: '-1234' }))
      await asterisk.rx(`database put account/4711 ${key} ${value}`);
    const log = asterisk.log();
    await asterisk.originate('account', `keys4711#0815#1${'w'.repeat(16)}9`);
    await log.match(/@@ account SUCCESS \[4711\]/);
    expect(log.text()).toMatch(/Playing 'vm-password[^]*Playing 'vm-goodbye/);
    const stranger = asterisk.log();
    await asterisk.originate('account', 'keys4711#9999#');
    await stranger.match(/Playing 'vm-incorrect/);
  });

  test('wake-up has Asterisk call at the time that was asked for', async () => {
    install('wake-up');
    const log = asterisk.log();
    await asterisk.originate('wake-up', 'keys0730');
    await log.match(/@@ wake-up SUCCESS/);
    const spool = `${asterisk.run}/spool/outgoing`;
    const [file = ''] = readdirSync(spool);
    const text = readFileSync(join(spool, file), 'utf8');
    expect(text).toContain('Channel: Local/wake-up@default\n');
    expect(text).toContain('Context: wake-up\n');
    // The morning comes: Asterisk looks at a file's time when it appears.
    const aside = `${asterisk.run}/spool/${file}`;
    renameSync(join(spool, file), aside);
    utimesSync(aside, new Date(), new Date());
    renameSync(aside, join(spool, file));
    await log.match(/@@ woken up/);
    await until('the file to be used up', () => (readdirSync(spool).length === 0 ? true : undefined));
  });
});
