import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineParts, ownMachine, type OwnMachine } from '../support/own-machine';
import { describeWith, hasProgram } from '../support/parts';
import { isBun } from '../support/super-server';

interface Diagnosis {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly state: string; readonly text: string }[];
}

/** A super-server takes its time. */
const patience = { timeout: 20_000, interval: 100 };

describeWith({ ...machineParts, xinetd: hasProgram('xinetd') }, 'a machine with xinetd', () => {
  let machine: OwnMachine;
  beforeAll(async () => {
    machine = await ownMachine('id asterisk >/dev/null 2>&1 || useradd --system --shell /bin/false asterisk\nrm -f /etc/services.d/x');
  });
  afterAll(() => machine.stop());

  const doctor = (...only: string[]): { status: number | null; found: Diagnosis; lines: string[] } => {
    const { status, stdout } = machine.run(`fastagi doctor --json ${only.length > 0 ? `--only ${only.join(' ')}` : ''}`);
    const found = JSON.parse(stdout) as Diagnosis;
    return { status, found, lines: found.checks.map(({ name, state, text }) => `${state} ${name}: ${text}`) };
  };

  it('knows what is missing before fastagi is installed', () => {
    const { status, found, lines } = doctor('service', 'listening', 'call', 'port');
    expect(lines).toEqual([
      'ok port: /etc/services is not needed',
      'wrong service: neither xinetd nor inetd nor systemd starts fastagi: fastagi install',
      'wrong listening: nobody listens for calls, as no service is offered: see above',
      'wrong call: no call was tried, as no service is offered: see above',
    ]);
    expect([status, found.ok]).toEqual([100, false]);
  });

  it('comes to its first call by one command', () => {
    const { status, stdout, stderr } = machine.run('fastagi install --yes');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /\n\/etc\/init\.d\/xinetd start\n\nInstalled\. In the dialplan:\n {4}exten => _X\.,1,AGI\(agi:\/\/127\.0\.0\.1\/test-agi\)\n/,
    );
    expect(status).toBe(0);
    const { found, lines } = doctor();
    expect(lines.filter((line) => !line.startsWith('ok') && !/ (?:asterisk|manager|speech): /.test(line))).toEqual([]);
    expect(found.ok).toBe(true);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ok listening: xinetd \(process \d+, since [-0-9: ]+\) listens at 127\.0\.0\.1:4573$/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^ok call: a call to 127\.0\.0\.1:4573 reaches its script in \d+ ms; root's run as user \d+$/),
    );
  });

  it('says what is wrong to people, too', () => {
    const { stdout } = machine.run('fastagi doctor --only service call');
    expect(stdout).toMatch(
      /^✓ service {8}xinetd offers fastagi at 127\.0\.0\.1:4573 \(\/etc\/xinetd\.d\/fastagi\)(?:, served by Bun \S+)?\n✓ call .*\n\nAll is in order\.\n$/,
    );
  });

  it('is not reloaded on a broken file, whoever it is of', () => {
    machine.run('sed -i s/^{// /etc/xinetd.d/fastagi');
    const broken = machine.run('fastagi install --yes');
    expect(broken.stdout).toContain('error: /etc/xinetd.d/fastagi, line 8: `{` is missing: xinetd passes the service over;');
    expect(broken.stderr).toBe(
      'fastagi: xinetd was not reloaded: a reload with a mistake ends the calls in progress; mend it, and install again\n',
    );
    expect(broken.status).toBe(100);
    // It still serves calls, as it has not read the file.
    expect(machine.run('kill -0 $(pidof xinetd)').status).toBe(0);
    machine.run('fastagi install --yes --force');
    machine.run('printf "service other\\n{\\nwait = perhaps\\n}\\n" > /etc/xinetd.d/other');
    const others = machine.run('fastagi install --yes');
    expect(others.stdout).toContain('error: /etc/xinetd.d/other, line 3: wait: "perhaps" is neither yes nor no; correct it');
    expect(others.status).toBe(100);
    machine.run('rm /etc/xinetd.d/other');
    expect(machine.run('fastagi install --yes').stdout).toMatch(/\nkill -HUP \d+\n/);
    expect(doctor('call').found.ok).toBe(true);
  });

  it('notices that a file was changed, and not read', async () => {
    machine.run('sed -i "s/bind  .*/bind = 127.0.0.2/" /etc/xinetd.d/fastagi');
    await expect
      .poll(() => doctor('listening').lines, patience)
      .toEqual([
        expect.stringMatching(
          /^wrong listening: xinetd \(process \d+, since .*\) listens at 127\.0\.0\.1:4573, not at 127\.0\.0\.2:4573, as \/etc\/xinetd\.d\/fastagi says since [-0-9: ]+: kill -HUP \d+$/,
        ),
      ]);
    machine.run('kill -HUP $(pidof xinetd)');
    await expect
      .poll(() => doctor('listening', 'call').lines, patience)
      .toEqual([
        expect.stringContaining('ok listening: '),
        // only_from lists 127.0.0.1, from which this machine calls itself.
        expect.stringContaining('ok call: a call to 127.0.0.2:4573 '),
      ]);
    machine.run(
      'sed -i "s/bind = .*/bind = 127.0.0.1/; s/only_from .*/only_from = 10.0.0.1/" /etc/xinetd.d/fastagi; kill -HUP $(pidof xinetd)',
    );
    await expect
      .poll(() => doctor('call').lines, patience)
      .toEqual([expect.stringContaining('is closed before it begins: only_from of the service may not list 127.0.0.1')]);
    machine.run('sed -i "s/only_from .*/only_from = 127.0.0.1/" /etc/xinetd.d/fastagi; kill -HUP $(pidof xinetd)');
  });

  it('notices that somebody else has the port, or nobody', async () => {
    machine.run('kill $(pidof xinetd)');
    await expect
      .poll(() => doctor('listening').lines, patience)
      .toEqual([
        'wrong listening: nobody listens at 127.0.0.1:4573, though /etc/xinetd.d/fastagi says so: xinetd does not run, or has not read it: /etc/init.d/xinetd start',
      ]);
    machine.run(`setsid ${process.execPath} -e 'require("net").createServer().listen(4573, "127.0.0.1")' >/dev/null 2>&1 &`);
    await expect
      .poll(() => doctor('listening').lines, patience)
      .toEqual([
        expect.stringMatching(
          /^wrong listening: port 4573 is taken by node \(process \d+, since .*\): stop that, or give fastagi another port$/,
        ),
      ]);
    machine.run('pkill -f [c]reateServer; /etc/init.d/xinetd start');
    await expect.poll(() => doctor('call').found.ok, patience).toBe(true);
  });

  it('says what the configuration keeps from being served', () => {
    machine.run('printf "[fastagi]\\nbasedir = /nowhere\\nallow = 10.0.0.1\\nalow = x\\n" > /tmp/fastagi-doctor.conf');
    const { stdout } = machine.run('fastagi doctor --json --config /tmp/fastagi-doctor.conf; rm /tmp/fastagi-doctor.conf');
    const { checks } = JSON.parse(stdout) as Diagnosis;
    const lines = checks.map(({ name, state, text }) => `${state} ${name}: ${text}`);
    expect(lines).toContainEqual(
      expect.stringContaining('warning configuration: /tmp/fastagi-doctor.conf, line 4: [fastagi] alow is unknown; did you mean allow?'),
    );
    expect(lines).toContainEqual(expect.stringContaining('wrong basedir: [fastagi] basedir: /nowhere is no directory'));
    expect(lines).toContainEqual('warning call: no call was tried, as [fastagi] allow does not list this machine: 127.0.0.1');
    const broken = machine.run(
      'echo nonsense > /tmp/fastagi-doctor.conf; fastagi doctor --config /tmp/fastagi-doctor.conf; status=$?; rm /tmp/fastagi-doctor.conf; exit $status',
    );
    expect(broken.stdout).toMatch(/^✗ configuration .*line 1/);
    expect(broken.status).toBe(100);
  });

  it('names a check that does not exist', () => {
    expect(machine.run('fastagi doctor --only nonsense')).toMatchObject({
      status: 100,
      stderr: expect.stringMatching(/^fastagi: nonsense is no check; there are node, users, /) as string,
    });
  });

  it('is as it was after fastagi uninstall', () => {
    const { status } = machine.run('fastagi uninstall --force');
    expect(status).toBe(0);
    expect(
      machine.run('ls /etc/xinetd.d/fastagi /var/lib/asterisk/agi-bin /etc/asterisk /var/spool/asterisk /var/lib/fastagi/install.json')
        .stdout,
    ).toBe('');
    expect(machine.run('grep fastagi /etc/services').status).toBe(1);
    expect(doctor('service').found.ok).toBe(false);
  });
});

describeWith({ ...machineParts, xinetd: hasProgram('xinetd') }, 'a machine with xinetd, for many calls', () => {
  let machine: OwnMachine;
  beforeAll(async () => {
    // The status is asked in a directory of /run. The configuration is there already, as Debian's package brings it.
    const configuration = String.raw`mkdir -p /etc/asterisk; printf '[phpagi]\n\n[fastagi]\n;user = nobody\n' > /etc/asterisk/phpagi.conf`;
    machine = await ownMachine(
      `${configuration}; mount -t tmpfs none /run; id asterisk >/dev/null 2>&1 || useradd --system --shell /bin/false asterisk`,
    );
  });
  afterAll(() => machine.stop());

  it('serves calls in workers after one command, and doctor has nothing to say', async () => {
    const { status, stdout, stderr } = machine.run('fastagi install --workers --yes');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('fastagi for xinetd, in workers');
    const doctor = (): string => machine.run('fastagi doctor --only service listening call').stdout;
    await expect
      .poll(doctor, patience)
      .toMatch(/^✓ call .*a call to 127\.0\.0\.1:4573 reaches its script in \d+ ms; all run as user \d+$/m);
    expect(doctor()).toContain('All is in order.');
    expect(machine.run('fastagi doctor --only users').stdout).toMatch(/^✓ users .*all scripts run as asterisk, whom the workers run as$/m);
    expect(machine.run('fastagi status').stdout).toMatch(/^ready, version .*\n\ncalls now {7}\d+ of 1000/);
    // Bun's first process keeps the socket, and does nothing but pass signals on.
    expect(machine.run('ps -o user= -C node,fastagi-bun | sort -u').stdout.trim()).toBe(isBun ? 'asterisk\nroot' : 'asterisk');
    expect(machine.run('fastagi install --workers --yes')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('All of it is there already.') as string,
    });
    expect(doctor()).toContain('All is in order.');
  });

  it('says which scripts workers refuse', () => {
    machine.run(
      'cp /var/lib/asterisk/agi-bin/test-agi.js /var/lib/asterisk/agi-bin/other.js; chown daemon: /var/lib/asterisk/agi-bin/other.js',
    );
    const refusal = 'workers (fastagi listen), which run as asterisk, refuse it, as it belongs to user 1: chown asterisk';
    expect(machine.run('fastagi check').stdout).toContain(refusal);
    machine.run('sed -i "s/^user = asterisk/user = $(id -u asterisk)/" /etc/asterisk/phpagi.conf');
    expect(machine.run('fastagi check').stdout).toContain(refusal);
    machine.run('sed -i "s/^user = [0-9]*$/user = asterisk/" /etc/asterisk/phpagi.conf');
  });

  it('goes back to one process a call', async () => {
    expect(machine.run('fastagi install --yes')).toMatchObject({ status: 0, stderr: '' });
    expect(machine.run('fastagi doctor --only call').stdout).toContain("root's run as user");
  });

  it('shows what the kernel turned away', () => {
    const queue = (): string => machine.run('fastagi doctor --only queue').stdout;
    expect(queue()).toMatch(/^✓ queue .*turned no connection away since this machine began; 0 wait to be accepted now$/m);
    // Nobody accepts while the other program runs.
    const caller = "for (let one = 0; one < 8; one++) require('node:net').connect(5999, '127.0.0.1'); setTimeout(process.exit, 500);";
    const server = `require('node:net').createServer().listen({ port: 5999, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(caller)}]);
      process.exit();
    });`;
    machine.run(`node -e '${server.replaceAll("'", `'\\''`)}'`);
    expect(queue()).toMatch(
      /^! queue .*turned [1-9]\d* away since this machine began .*; if calls were lost: fastagi install --workers, whose queue is longer$/m,
    );
    machine.run('fastagi install --workers --yes');
    expect(queue()).toMatch(/^! queue .*; if calls were lost: see docs\/scaling\.md, More than one machine$/m);
  });
});
