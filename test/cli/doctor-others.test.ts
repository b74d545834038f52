import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { machineParts, ownMachine, type OwnMachine } from '../support/own-machine';
import { describeWith, hasProgram } from '../support/parts';
import { project } from '../support/super-server';

/** Asterisk's manager, played in the machine: three users, who may do much, what scripts need, and next to nothing. */
const manager = `const { startManagerServer } = require(${JSON.stringify(`${project}/dist/testing.js`)});
const all = { secret: 'phpagi' };
const users = { phpagi: all, ivr: { secret: 's3cr3t', write: ['call', 'reporting', 'originate'], read: ['call', 'system'] }, poor: { secret: 's3cr3t', write: ['originate'], read: [] } };
const actions = { UpdateConfig: () => ({}), ...(process.env.NO_AGI && { AGI: () => ({ error: 'Invalid/unknown command: AGI. Use Action: ListCommands to show available commands.' }) }) };
startManagerServer({ users, refusal: 0, actions }).then(({ port }) => require('node:fs').writeFileSync('/var/manager.port', String(port)));`;

describeWith({ ...machineParts, xinetd: hasProgram('xinetd'), aiosmtpd: hasProgram('aiosmtpd') }, 'fastagi doctor asks others', () => {
  let machine: OwnMachine;
  beforeAll(async () => {
    machine = await ownMachine(`mkdir -p /etc/asterisk /etc/haproxy\ncat > /var/manager.cjs <<'E'\n${manager}\nE`);
  });
  afterAll(() => machine.stop());

  const doctor = (configuration: string, only: string, more = ''): string[] => {
    const { stdout } = machine.run(
      `cat > /etc/asterisk/phpagi.conf <<'E'\n${configuration}\nE\nfastagi doctor --json --only ${only} ${more}`,
    );
    const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string; text: string }[] };
    return checks.map(({ name, state, text }) => `${state} ${name}: ${text}`);
  };
  let port = 5038;
  const account = (username: string, secret: string): string => `[asmanager]\nport = ${port}\nusername = ${username}\nsecret = ${secret}`;
  const startManager = async (environment = ''): Promise<void> => {
    machine.run(`rm -f /var/manager.port; ${environment} setsid ${process.execPath} /var/manager.cjs >/dev/null 2>&1 &`);
    for (port = 0; port === 0; port = Number(machine.run('cat /var/manager.port').stdout))
      await new Promise((resolve) => setTimeout(resolve, 50));
  };
  /** Starts something there, which listens at this port. */
  const start = async (command: string, at: number): Promise<void> => {
    machine.run(`setsid ${command} >/dev/null 2>&1 &`);
    while (machine.run(`ss -Hltn sport = :${at}`).stdout === '') await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('Asterisk, when it is not there', () => {
    expect(doctor('', 'asterisk manager clock')).toEqual([
      'warning asterisk: whether Asterisk has res_agi is not known: it does not run here, and its manager does not say',
      expect.stringMatching(
        /^warning manager: Asterisk's manager at localhost:5038 cannot be reached: .*; only scripts that use manager\(\) need it$/,
      ),
      expect.stringMatching(/^ok clock: it is \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(UTC\)$/),
    ]);
  });

  describe('a manager', () => {
    beforeAll(() => startManager());
    afterAll(() => void machine.run('pkill -f [m]anager.cjs'));

    it('that lets a user in who may do what scripts need', () => {
      expect(doctor(account('ivr', 's3cr3t'), 'asterisk manager')).toEqual([
        'ok asterisk: Asterisk 22.10.1 has res_agi; a command may have 8191 bytes',
        'ok manager: the manager at localhost lets ivr in',
      ]);
    });

    it('that lets a user in who may do more, with the secret that everybody knows', () => {
      expect(doctor(account('phpagi', 'phpagi'), 'manager')).toEqual([
        'ok manager: the manager at localhost lets phpagi in',
        'warning manager: phpagi has the secret that everybody knows: change it in manager.conf, and in [asmanager] secret',
        "warning manager: phpagi may do more than scripts need: take command (runs any command of the console) and config (changes Asterisk's files) out of its write in manager.conf, unless a script uses it",
      ]);
    });

    it('that lets a user in who may do too little', () => {
      expect(doctor(account('poor', 's3cr3t'), 'manager')).toEqual([
        'ok manager: the manager at localhost lets poor in',
        "warning manager: poor may not ask for Asterisk's version: add reporting to its write in manager.conf",
        'warning manager: poor may not look at channels: add call to its write in manager.conf',
      ]);
    });

    it('that lets nobody in by that secret', () => {
      const [line, ...more] = doctor(account('ivr', 'tr0ub4dor'), 'manager');
      expect(line).toMatch(/^wrong manager: .* does not let "ivr" in: Authentication failed;/);
      expect([line, more]).not.toContain('tr0ub4dor');
    });
  });

  it('an Asterisk without res_agi', async () => {
    await startManager('NO_AGI=1');
    expect(doctor(account('phpagi', 'phpagi'), 'asterisk')).toEqual([
      "wrong asterisk: Asterisk has no res_agi, and so no AGI(): asterisk -rx 'module load res_agi'",
    ]);
    machine.run('pkill -f [m]anager.cjs');
  });

  it('a mail server', async () => {
    const admin = '[phpagi]\nadmin = ops@example.org\n';
    expect(doctor('', 'mail')).toEqual(['ok mail: no mail is sent, as [phpagi] admin is not set']);
    expect(doctor(`${admin}sendmail = /nowhere/sendmail`, 'mail')).toEqual([
      'wrong mail: mails to ops@example.org cannot go out: /nowhere/sendmail is not there; name a server in [phpagi] smtp, or install one: apt install postfix',
    ]);
    const smtp = `${admin}smtp = smtp://127.0.0.1:2525`;
    expect(doctor(smtp, 'mail')).toEqual([
      expect.stringMatching(/^wrong mail: mails to ops@example\.org cannot go out: .*ECONNREFUSED.*; correct \[phpagi\] smtp$/),
    ]);
    await start('env PYTHONUNBUFFERED=1 sh -c "aiosmtpd -n -l 127.0.0.1:2525 -c aiosmtpd.handlers.Debugging stdout > /var/mails"', 2525);
    expect(doctor(smtp, 'mail')).toEqual([
      'ok mail: the mail server takes mails for ops@example.org; none was sent: fastagi doctor --only mail --mail',
    ]);
    expect(machine.run('cat /var/mails').stdout).toBe('');
    expect(doctor(smtp, 'mail', '--mail')).toEqual(['ok mail: a mail to ops@example.org went out: see whether it arrives']);
    await expect.poll(() => machine.run('cat /var/mails').stdout).toContain('Mails on failed calls arrive.');
  });

  describe('HAProxy in front', () => {
    beforeAll(() => void machine.run('fastagi install --yes'));
    const haproxy = (options: string): void =>
      void machine.run(`printf 'backend agi\\n server one 127.0.0.1:4573 check ${options}\\n' > /etc/haproxy/haproxy.cfg`);

    it.each([
      ['', '', "ok proxy: HAProxy's server one is known"],
      [
        'send-proxy-v2',
        '',
        'wrong proxy: /etc/haproxy/haproxy.cfg, line 2: server one sends a PROXY header, which nobody expects: write in phpagi.conf: [fastagi] proxy_protocol = 127.0.0.1',
      ],
      ['send-proxy', 'proxy_protocol = 127.0.0.1', "ok proxy: HAProxy's server one is known"],
      [
        '',
        'proxy_protocol = 127.0.0.1',
        'wrong proxy: /etc/haproxy/haproxy.cfg, line 2: server one sends no PROXY header, though [fastagi] proxy_protocol expects one: add send-proxy-v2 there',
      ],
      [
        '',
        'allow = 10.0.0.1',
        'wrong proxy: /etc/haproxy/haproxy.cfg, line 2: server one comes from 127.0.0.1, which [fastagi] allow does not list: add it, or send-proxy-v2 there',
      ],
    ])('that says %j, with %j', (options, setting, line) => {
      haproxy(options);
      expect(doctor(`[fastagi]\n${setting}`, 'proxy')).toEqual([line]);
    });

    it('whose header a call has, too', () => {
      expect(doctor('[fastagi]\nproxy_protocol = 127.0.0.1', 'call')).toEqual([
        expect.stringMatching(/^ok call: a call to 127\.0\.0\.1:4573 reaches its script/),
      ]);
    });
  });

  it('an Asterisk on another machine', () => {
    expect(doctor('[asmanager]\nserver = 192.0.2.1', 'reach')).toEqual([
      "wrong reach: Asterisk is at 192.0.2.1, and fastagi listens at 127.0.0.1:4573 only: name an address of this machine in the service file (bind, ListenStream), and Asterisk's in only_from or [fastagi] allow",
    ]);
    machine.run('sed -i "s/^\\tbind .*/\\tbind = 0.0.0.0/" /etc/xinetd.d/fastagi');
    expect(doctor('[asmanager]\nserver = 192.0.2.1', 'reach')).toEqual(['ok reach: Asterisk at 192.0.2.1 can reach 0.0.0.0:4573']);
  });

  it('SELinux, as its file and the label of the program say', () => {
    const label = (type: string): string =>
      `printf '#!/bin/sh\\necho system_u:object_r:${type}:s0\\n' > /var/labels/stat; chmod 755 /var/labels/stat`;
    const selinux = (before: string): string[] => {
      machine.run(before);
      const { stdout } = machine.run('PATH=/var/labels:$PATH fastagi doctor --json --only selinux');
      return (JSON.parse(stdout) as { checks: { state: string; text: string }[] }).checks.map(({ state, text }) => `${state}: ${text}`);
    };
    expect(selinux('mkdir -p /var/labels')).toEqual(['ok: SELinux is not there']);
    machine.run('mount -t tmpfs none /sys/fs; mkdir /sys/fs/selinux');
    expect(selinux('echo 0 > /sys/fs/selinux/enforce')).toEqual(['ok: SELinux forbids nothing (permissive)']);
    expect(selinux(`echo 1 > /sys/fs/selinux/enforce; ${label('bin_t')}`)).toEqual([
      expect.stringMatching(/^ok: SELinux: \/.*\/bin\/fastagi is bin_t$/),
    ]);
    expect(selinux(label('user_home_t'))).toEqual([
      expect.stringMatching(
        /^warning: SELinux: .* is user_home_t, which xinetd may not start: restorecon -Rv \/.*, or chcon -t bin_t \/.*\/bin\/fastagi$/,
      ),
    ]);
  });

  it('as root only what root alone could have chosen', () => {
    const engine = '[tts]\nengine = mine\n[mine]\ncommand = /var/tmp/engine {out} {in}';
    machine.run(
      "printf '#!/bin/sh\\nid -u >> /var/tmp/who\\n' > /var/tmp/engine; chmod 755 /var/tmp/engine; touch /var/tmp/who; chmod 666 /var/tmp/who",
    );
    const who = (): string => machine.run('cat /var/tmp/who').stdout;
    machine.run('touch /etc/asterisk/phpagi.conf; chown daemon /etc/asterisk /etc/asterisk/phpagi.conf');
    expect(doctor(engine, 'speech')).toEqual([expect.stringMatching(/^warning speech: as user 1: a text could not be spoken/)]);
    expect(who()).toBe('1\n');
    machine.run('chown root /etc/asterisk /etc/asterisk/phpagi.conf');
    expect(doctor(engine, 'speech')).toEqual([expect.stringMatching(/^warning speech: a text could not be spoken/)]);
    expect(who()).toBe('1\n0\n');
  });

  it('the engine that speaks', () => {
    expect(doctor('[tts]\nengine = nobody', 'speech')).toEqual([expect.stringMatching(/^wrong speech: .*nobody/)]);
    expect(doctor('[tts]\nengine = mute\n[mute]\ncommand = /bin/false', 'speech')).toEqual([
      expect.stringMatching(
        /^warning speech: a text could not be spoken, which only scripts with say\(\), text2wav\(\) or swift\(\) need: /,
      ),
    ]);
  });
});
