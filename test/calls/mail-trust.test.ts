import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer } from '../support/peer';
import { startSmtp, type MailServer } from '../support/smtp';
import { countsOf, forgetCounts, makePlace, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

/** As nobody but these tests runs scripts. */
const owner = 48_912;
const limits = countsOf(owner);

const parts = { xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd') };

describeWith(parts, 'the mail on a script that fails, with other users about,', () => {
  let place: Place;
  let server: SuperServer;
  let smtp: MailServer;
  beforeAll(async () => {
    smtp = await startSmtp();
    place = makePlace();
    writeFileSync(
      place.config,
      `[fastagi]\nbasedir = ${place.basedir}\nlog = ${place.dir}/log\n[phpagi]\nadmin = admin@example.org\nhostname = pbx.example.org\nsmtp = smtp://127.0.0.1:${smtp.port}\n`,
    );
    server = await startXinetd(place);
  });
  afterAll(async () => {
    await server.stop();
    await smtp.stop();
    place.remove();
    forgetCounts(owner);
    forgetCounts(0);
  });
  beforeEach(() => forgetCounts(owner));

  const script = (name: string, text: string) => {
    const path = place.script(name, text);
    chownTo(path);
    return path;
  };
  const call = async (name: string, at = server) => {
    const peer = openPeer(at.port, environment(name), (line) => (line.startsWith('GET DATA') ? '200 result=4711\n' : politeAnswer(line)));
    await peer.closed;
  };

  it('is counted where only root makes directories: one that another user made holds back nothing', async () => {
    const planted = `/tmp/fastagi-mails-${owner}`;
    mkdirSync(planted, { mode: 0o700 });
    chownSync(planted, 61_002, 61_002);
    onTestFinished(() => rmSync(planted, { recursive: true, force: true }));
    script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
    const mine = () => smtp.mails().filter((mail) => mail.includes('tricked.js')).length;
    await Promise.all(Array.from({ length: 7 }, () => call('tricked.js')));
    await until('two to be held back', () =>
      readdirSync(limits).some((name) => name.endsWith('-held') && statSync(join(limits, name)).size === 2),
    );
    await until('five mails', () => mine() === 5);
    expect(statSync(limits)).toMatchObject({ uid: owner, mode: 0o40700 });
    expect(readdirSync(planted)).toEqual([]);
  });

  it('on scripts that are not there holds back none on scripts that are refused', async () => {
    const before = smtp.mails().length;
    forgetCounts(0);
    for (let each = 0; each < 7; each++) await call(`missing-${each}.js`);
    const subjects = () => smtp.mails().slice(before).map((mail) => /^Subject: .*(NOTFOUND|FORBIDDEN)/m.exec(mail)?.[1]); // prettier-ignore
    await until('five mails', () => subjects().length === 5);
    await call('.hidden.js');
    await until('the sixth', () => subjects().includes('FORBIDDEN'));
    expect(subjects().filter((status) => status === 'NOTFOUND')).toHaveLength(5);
  });

  it.each([
    ['is of somebody else', () => (mkdirSync(limits, { mode: 0o700 }), chownSync(limits, 61_002, 61_002))],
    ['others may enter', () => (mkdirSync(limits), chownSync(limits, owner, owner), chmodSync(limits, 0o710))],
    [
      'is a link',
      () => (mkdirSync(join(place.out, 'linked')), chownTo(join(place.out, 'linked')), symlinkSync(join(place.out, 'linked'), limits)),
    ],
  ])('is sent all the same where the directory for the counts %s', async (_what, plant) => {
    mkdirSync('/run/fastagi', { recursive: true });
    plant();
    const before = smtp.mails().length;
    script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
    await call('tricked.js');
    await until('the mail', () => smtp.mails().length > before);
    expect(place.log()).toMatch(/mails on errors are not counted, and none is held back: .*not user 48912's alone/);
    rmSync(join(place.out, 'linked'), { recursive: true, force: true });
  });

  it('is not given to a program that others could have exchanged', async () => {
    const other = makePlace();
    const sendmail = join(other.dir, 'tools/sendmail');
    mkdirSync(join(other.dir, 'tools'));
    chownSync(join(other.dir, 'tools'), 61_002, 61_002);
    writeFileSync(sendmail, `#!/bin/sh\ntouch ${other.out}/mailed\n`, { mode: 0o755 });
    writeFileSync(
      other.config,
      `[fastagi]\nbasedir = ${place.basedir}\nlog = ${other.dir}/log\n[phpagi]\nadmin = admin@example.org\nsendmail = ${sendmail}\n`,
    );
    const tricked = await startXinetd(other);
    try {
      script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
      await call('tricked.js', tricked);
      await until('the log', () =>
        /could not be sent: .*\/tools\/sendmail is not trusted: .*\/tools belongs to user 61002; chown /.test(other.log()),
      );
      expect(existsSync(join(other.out, 'mailed'))).toBe(false);
    } finally {
      await tricked.stop();
      other.remove();
    }
  });
});

function chownTo(path: string): void {
  chownSync(path, owner, owner);
}
