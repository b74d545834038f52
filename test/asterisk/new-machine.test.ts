import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useAsterisk, version } from './support/asterisk';
import { packInto } from '../../scripts/pack.mjs';
import { hasDebian13, startNewMachine, type NewMachine } from './support/new-machine';
import { describeWithAsterisk } from './support/requirements';

function onNewMachine(): void {
  let machine: NewMachine;
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-new-machine-'));
  beforeAll(async () => {
    if (!hasDebian13) throw new Error('Debian 13 is not in the cache: npm test builds it');
    // npm install -g ./fastagi-0.1.0.tgz
    machine = await startNewMachine(packInto(dir));
  }, 300_000);
  afterAll(async () => {
    await machine.stop();
    rmSync(dir, { recursive: true });
  });

  const asterisk = useAsterisk(
    () => `
[default]
exten => _X.,1,AGI(agi://127.0.0.1/test-agi)
 same => n,Verbose(1,@@ test=\${test} \${FASTAGISTATUS})
exten => hello,1,AGI(agi://127.0.0.1/hello)
 same => n,Verbose(1,@@ hello \${FASTAGISTATUS})
`,
    () => ({
      network: machine.pid,
      files: {
        manager: `[general]
enabled=yes
bindaddr=127.0.0.1
[ivr]
secret=s3cr3t
read=system,call
write=call,reporting,originate
[wide]
secret=s3cr3t
read=all
write=all
[poor]
secret=s3cr3t
read=call
write=originate
`,
      },
    }),
  );

  test('comes to a call in two commands and a line of the dialplan', async () => {
    const { status, stdout, stderr } = machine.run('fastagi install --yes');
    expect(stderr).toBe('');
    expect(stdout).toContain('exten => _X.,1,AGI(agi://127.0.0.1/test-agi)');
    expect(status).toBe(0);
    const log = asterisk.log();
    await asterisk.originate('123');
    await log.match(/@@ test=1111 SUCCESS\n/);
    expect(log.text()).toContain('cool, the FastAGI server has been called!');
    const doctor = machine.run('fastagi doctor --only service listening call prepared');
    expect(doctor.stdout).toMatch(/\nAll is in order\.\n$/);
    expect(doctor.status).toBe(0);
  });

  test('learns what Asterisk and its manager say', () => {
    const doctor = (username: string, secret = 's3cr3t'): string => {
      machine.run(
        `printf "[asmanager]\\nusername = ${username}\\nsecret = ${secret}\\n" > /root/${username}.conf; chmod 600 /root/${username}.conf`,
      );
      return machine.run(`fastagi doctor --only asterisk manager --config /root/${username}.conf`).stdout;
    };
    expect(doctor('ivr')).toMatch(
      /^✓ asterisk {7}Asterisk 22\.\S+ has res_agi; a command may have 8191 bytes\n✓ manager {8}the manager at localhost lets ivr in\n\nAll is in order\.\n$/,
    );
    expect(doctor('wide')).toContain(
      '! manager        wide may do more than scripts need: take command (runs any command of the console) and config ',
    );
    expect(doctor('poor')).toContain('! manager        poor may not look at channels: add call to its write in manager.conf\n');
    expect(doctor('ivr', 'wrong')).toMatch(/^✗ asterisk|^! asterisk[^]*✗ manager {8}.* does not let "ivr" in: Authentication failed/);
  });

  test('begins a script of its own', async () => {
    const { stdout } = machine.run('fastagi new hello');
    expect(stdout).toContain('exten => 100,1,AGI(agi://127.0.0.1/hello)');
    const log = asterisk.log();
    await asterisk.originate('hello', 'press5');
    await log.match(/@@ hello SUCCESS\n/);
  });

  test('gets the sentence that helps: a service without braces', async () => {
    machine.run(
      'printf "service fastagi\\nsocket_type = stream\\nwait = no\\nuser = root\\nserver = /usr/local/bin/fastagi\\n" > /etc/xinetd.d/fastagi',
    );
    const { status, stdout } = machine.run('fastagi doctor --only service');
    expect(stdout).toContain(
      '✗ service        /etc/xinetd.d/fastagi, line 2: `{` is missing: xinetd passes the service over; write { alone in a line behind line 1',
    );
    expect(status).toBe(100);
    machine.run('fastagi install --yes --force');
    expect(machine.run('fastagi doctor --only call').status).toBe(0);
  });

  test('gets the sentence that helps: a configuration without its sections', () => {
    machine.run(
      'cp /etc/asterisk/phpagi.conf /root; printf "debug=false\\nadmin=errors@mydomain.com\\nserver=localhost\\nport=5038\\nsetuid=true\\n" > /etc/asterisk/phpagi.conf',
    );
    const { stdout } = machine.run('fastagi check');
    expect(stdout).toContain('error: /etc/asterisk/phpagi.conf, line 1: it stands before the first [section]; put [phpagi] above it\n');
    expect(stdout).toContain('error: /etc/asterisk/phpagi.conf, line 3: it stands before the first [section]; put [asmanager] above it\n');
    expect(machine.run('fastagi doctor').stdout).toContain(
      '✗ configuration  /etc/asterisk/phpagi.conf, line 5: it stands before the first [section]; put [fastagi] above it\n',
    );
    machine.run('cp /root/phpagi.conf /etc/asterisk/phpagi.conf');
  });

  test('gets the sentence that helps: chmod -R 777', async () => {
    machine.run('chmod -R 777 /var/lib/asterisk/agi-bin');
    const { stdout } = machine.run('fastagi doctor --only basedir scripts');
    expect(stdout).toContain(
      '! basedir        everybody may write basedir: all scripts run as nobody; chmod o-w /var/lib/asterisk/agi-bin',
    );
    expect(stdout).toMatch(/! scripts {8}test-agi\.js: .*chmod /);
    // It goes on working, as nobody.
    const log = asterisk.log();
    await asterisk.originate('123');
    await log.match(/@@ test=1111 SUCCESS\n/);
    machine.run('chmod -R go-w /var/lib/asterisk/agi-bin');
  });

  test('takes it back', () => {
    expect(machine.run('fastagi uninstall --force').status).toBe(0);
    expect(machine.run('npm uninstall -g fastagi').status).toBe(0);
    expect(machine.run('ls /etc/xinetd.d/fastagi /usr/local/bin/fastagi /usr/local/lib/node_modules/fastagi /var/lib/fastagi').stdout).toBe(
      '',
    );
  });
}

if (version === 22) describeWithAsterisk('a new user, with a clean Debian 13', onNewMachine);
else test('a new user is tried with one Asterisk only', () => expect(version).toBe(16));
