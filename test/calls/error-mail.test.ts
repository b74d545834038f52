import { chmodSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { countsOf } from '../support/forget-counts';
import { useMailedCalls } from '../support/mailed-calls';
import { project, until } from '../support/super-server';

/** As nobody but these tests runs scripts. */
const owner = 48_911;
const limits = countsOf(owner);

const parts = { xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd'), msmtp: hasProgram('msmtp') };

describeWith(parts, 'the mail on a script that fails', () => {
  const calls = useMailedCalls(owner);
  const { script, call } = calls;

  it('says what happened, where, in which call', async () => {
    const path = script(
      'broken.js',
      `module.exports = async (agi) => {
  await agi.setVariable('api_token', 's3cret');
  await agi.getData('enter-pin');
  const answer = undefined;
  throw new Error('no answer \\x1b[31m', { cause: new TypeError('the cause') }); // here
};
`,
    );
    await call('broken.js');
    const mail = await until('the mail', () => calls.smtp.mails()[0]);
    expect(mail).toMatch(/^To: admin@example\.org$/m);
    expect(mail).toMatch(/^From: fastagi@pbx\.example\.org$/m);
    expect(mail).toMatch(/^Subject: broken\.js\/5\/Error: no answer/m);
    expect(mail).toContain(`${path}, line 5:`);
    expect(mail).toMatch(/> +5 \| +throw new Error\('no answer/);
    expect(mail).toMatch(/caused by TypeError: the cause/);
    expect(mail).toMatch(/^agi_channel: PJSIP\/100-00000001$/m);
    expect(mail).toMatch(/^> SET VARIABLE \(2 arguments\)$/m);
    expect(mail).toMatch(/^> GET DATA \(1 argument\)$/m);
    expect(mail).toMatch(/^< 200 \(16 bytes\)$/m);
    expect(mail).not.toContain('s3cret');
    expect(mail).not.toContain('4711');
    expect(mail).not.toContain('\x1b');
    expect(calls.place.log()).not.toContain('could not be sent');
  });

  it('holds no value of what went over the wire, whatever the command', async () => {
    script(
      'pins.js',
      `module.exports = async (agi) => {
  await agi.getFullVariable('\${PASSWORD}');
  await agi.databaseGet('doors', 'front');
  const number = String(47110814 + 1);
  await agi.databasePut('doors', 'front', number);
  await agi.sayDigits(number);
  await agi.exec('Authenticate', [number]);
  await agi.getData('enter-your-number');
  await agi.evaluate('MY OWN ' + number);
  throw new Error('mysql://web:' + number + '@db refused');
};
`,
    );
    const before = calls.smtp.mails().length;
    const peer = openPeer(calls.server.port, environment('pins.js'), (line, { socket }) => {
      if (line.includes('PASSWORD')) return politeAnswer(line).replace('(', '(47110815\n47110815');
      if (line.startsWith('DATABASE GET')) return '200 result=1 (47110815)\n';
      if (!line.startsWith('GET DATA')) return politeAnswer(line);
      socket.write('200 result=4711');
      setTimeout(() => socket.write('0815\n'), 50);
      return undefined;
    });
    await peer.closed;
    const mail = await until('the mail', () => calls.smtp.mails()[before]);
    expect(mail).not.toContain('47110815');
    expect(mail).not.toMatch(/4711$|^0815/m);
    expect(mail).toMatch(/^> GET FULL VARIABLE \(1 argument\)$/m);
    expect(mail).toMatch(/^> DATABASE PUT \(3 arguments\)$/m);
    expect(mail).toMatch(/^> EXEC Authenticate \(1 argument\)$/m);
    expect(mail).toMatch(/^> \(a command that is not known here, 15 bytes\)$/m);
    expect(mail).toMatch(/^< 200 \(20 bytes\)$/m);
    expect(mail).toContain('mysql://web:****@db refused');
    expect(variableSet(peer, 'FASTAGIERROR')).toBe('Error: mysql://web:****@db refused');
    expect(peer.commands.filter((line) => line.startsWith('VERBOSE')).join('\n')).not.toContain('47110815');
    expect(calls.place.log()).not.toContain('47110815');
  });

  it('is sent at most five times an hour, and the next one says how many were held back', async () => {
    script('often.js', 'module.exports = async () => { throw new Error("again"); };');
    const before = calls.smtp.mails().length;
    await Promise.all(Array.from({ length: 5 }, () => call('often.js')));
    const mine = () => calls.smtp.mails().filter((mail) => mail.includes('often.js')).length;
    await until('five mails', () => mine() === 5);
    // Only now: the fifth mail would tell of one that was held back while it was written.
    await Promise.all(Array.from({ length: 4 }, () => call('often.js')));
    // A mail goes out behind the end of its call.
    await until('all to be counted', () => {
      const held = readdirSync(limits).find((name) => name.endsWith('-held'));
      return held !== undefined && statSync(join(limits, held)).size === 4;
    });
    const old = new Date(Date.now() - 3_700_000);
    for (const name of readdirSync(limits)) if (!name.endsWith('-held')) utimesSync(join(limits, name), old, old);
    await call('often.js');
    const next = await until('the sixth', () => (mine() === 6 ? calls.smtp.mails().at(-1) : undefined));
    expect(next).toMatch(/^4 further mails on this error were held back/m);
    expect(calls.smtp.mails().length).toBe(before + 6);
  });

  it('points into the source that a source map names', async () => {
    const map = {
      version: 3,
      sources: ['written.ts'],
      sourcesContent: ['// one\n// two\nthrow new Error("mapped");\n'],
      mappings: 'AAEA',
      names: [],
    };
    const inline = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    script(
      'mapped.js',
      `module.exports = async () => {\nthrow new Error("mapped"); };\n${inline}`.replace(
        'module.exports = async () => {\n',
        'module.exports = async () => { ',
      ),
    );
    await call('mapped.js');
    const mail = await until('the mail', () => calls.smtp.mails().find((text) => text.includes('mapped')));
    expect(mail).toMatch(/Subject: written\.ts\/3\/Error: mapped/);
    expect(mail).toMatch(/> +3 \| throw new Error\("mapped"\);/);
  });

  it("shows no file that an error's message or stack names beside the scripts", async () => {
    const secret = join(calls.place.dir, 'secrets.conf');
    writeFileSync(secret, 'one\npassphrase-of-root\nthree\n');
    script('names.js', `module.exports = async () => { throw new Error('x\\n    at f (${secret}:2:1)'); };\n`);
    script(
      'forges.js',
      `module.exports = async () => { const error = new Error('x'); error.stack = 'Error: x\\n    at f (${secret}:2:1)\\n    at g (/dev/zero:1:1)'; throw error; };\n`,
    );
    const before = calls.smtp.mails().length;
    await call('names.js');
    await call('forges.js');
    const mails = await until('both mails', () => calls.smtp.mails().length >= before + 2 && calls.smtp.mails().slice(before).join('\n'));
    expect(mails).not.toContain('passphrase-of-root');
    expect(mails).toMatch(/names\.js, line 1:/);
  });

  it('goes through a real sendmail program where no server is named', async () => {
    const rc = join(calls.place.dir, 'msmtprc');
    writeFileSync(rc, `account default\nhost 127.0.0.1\nport ${calls.smtp.port}\nauto_from off\nfrom fastagi@pbx.example.org\n`, {
      mode: 0o644,
    });
    const sendmail = join(calls.place.dir, 'sendmail');
    writeFileSync(sendmail, `#!/bin/sh\nexec msmtp -C ${rc} "$@"\n`);
    chmodSync(sendmail, 0o755);
    await calls.withSettings(`admin = admin@example.org\nsendmail = ${sendmail}`, async (other, through) => {
      script('by-sendmail.js', 'module.exports = async () => { throw new Error("by sendmail"); };');
      await call('by-sendmail.js', through);
      expect(await until('the mail', () => calls.smtp.mails().find((text) => text.includes('by sendmail')))).toMatch(
        /^Subject: by-sendmail\.js\/1\/Error: by sendmail$/m,
      );
      expect(other.log()).not.toContain('could not be sent');
    });
  });

  it.each([
    ['error_handler is false', 'admin = admin@example.org\nerror_handler = false\n'],
    ['nobody is named', ''],
  ])('is not sent where %s, and the call ends as ever', async (_why, phpagi) => {
    await calls.withSettings(`${phpagi}smtp = smtp://127.0.0.1:${calls.smtp.port}`, async (quiet, other) => {
      script('quiet.js', 'module.exports = async () => { throw new Error("quiet"); };');
      await call('quiet.js', other);
      await until('the log', () => quiet.log().includes('quiet'));
    });
    expect(calls.smtp.mails().filter((text) => text.includes('quiet'))).toEqual([]);
  });

  it('that cannot be sent is a line in the log', async () => {
    await calls.withSettings(`admin = admin@example.org\nsendmail = /no/such/sendmail`, async (lost, other) => {
      script('lost.js', 'module.exports = async () => { throw new Error("lost"); };');
      await call('lost.js', other);
      await until('the log', () => /the mail to admin@example\.org could not be sent: .*sendmail/.test(lost.log()));
    });
  });

  it.each([
    ['a method that its argument breaks', 'module.exports = (agi) => agi.sayPunctuation(undefined);', /sayPunctuation/],
    ['a function that its argument breaks', `module.exports = () => require(${JSON.stringify(project)}).callFile({});`, /callFile/],
    ['a method within methods', 'module.exports = async (agi) => { await agi.menu({ 1: 7 }); };', /menu|prompt/],
    ['a program that fails', '#!/bin/sh\nexit 3\n', /status 3/],
  ])('shows no line of our own code: %s', async (what, text, reason) => {
    const name = `${what.replaceAll(' ', '-')}${text.startsWith('#!') ? '' : '.js'}`;
    chmodSync(script(name, text), 0o755);
    await call(name);
    const mail = await until('the mail', () => calls.smtp.mails().find((text) => text.includes(name)));
    expect(mail).toMatch(reason);
    expect(mail).not.toMatch(/\/(?:dist|src)\/|\.ts\b/);
    if (name.endsWith('.js')) expect(mail).toContain(`${name}, line 1:`);
    else expect(mail).not.toMatch(/, line \d/);
  });
});
