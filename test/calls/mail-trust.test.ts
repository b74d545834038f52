import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { countsOf, forgetCounts } from '../support/forget-counts';
import { useMailedCalls } from '../support/mailed-calls';
import { program, until } from '../support/super-server';

/** As nobody but these tests runs scripts. */
const owner = 48_912;
const limits = countsOf(owner);

const parts = { xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd') };

describeWith(parts, 'the mail on a script that fails, with other users about,', () => {
  const calls = useMailedCalls(owner);
  const { script, call } = calls;

  it('is counted where only root makes directories: one that another user made holds back nothing', async () => {
    const planted = `/tmp/fastagi-mails-${owner}`;
    mkdirSync(planted, { mode: 0o700 });
    chownSync(planted, 61_002, 61_002);
    onTestFinished(() => rmSync(planted, { recursive: true, force: true }));
    script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
    const mine = () => calls.smtp.mails().filter((mail) => mail.includes('tricked.js')).length;
    await Promise.all(Array.from({ length: 5 }, () => call('tricked.js')));
    await until('five mails', () => mine() === 5);
    // Only now: the fifth mail would tell of one that was held back while it was written.
    await Promise.all([call('tricked.js'), call('tricked.js')]);
    await until('two to be held back', () =>
      readdirSync(limits).some((name) => name.endsWith('-held') && statSync(join(limits, name)).size === 2),
    );
    expect(mine()).toBe(5);
    expect(statSync(limits)).toMatchObject({ uid: owner, mode: 0o40700 });
    expect(readdirSync(planted)).toEqual([]);
  });

  it('on scripts that are not there holds back none on scripts that are refused', async () => {
    const before = calls.smtp.mails().length;
    forgetCounts(0);
    for (let each = 0; each < 7; each++) await call(`missing-${each}.js`);
    const subjects = () => calls.smtp.mails().slice(before).map((mail) => /^Subject: .*(NOTFOUND|FORBIDDEN)/m.exec(mail)?.[1]); // prettier-ignore
    await until('five mails', () => subjects().length === 5);
    await call('.hidden.js');
    await until('the sixth', () => subjects().includes('FORBIDDEN'));
    expect(subjects().filter((status) => status === 'NOTFOUND')).toHaveLength(5);
  });

  it('by a process of root’s, of one user holds back none of another', async () => {
    const before = calls.smtp.mails().length;
    const send = (uid: number) =>
      spawnSync(program, ['send-mail', String(uid), '--config', calls.place.config], {
        input: `${JSON.stringify(['the same kind', 'subject\r\nBcc: x@example.org', `of ${uid}`, 'details'])}\n`,
        encoding: 'utf8',
      });
    forgetCounts(0);
    for (let each = 0; each < 7; each++) expect(send(owner)).toMatchObject({ status: 0, stdout: '' });
    expect(send(1)).toMatchObject({ status: 0, stdout: '' });
    // One that is late, of a call before, is none of them.
    const mails = await until('the mails', () => {
      const own = calls.smtp.mails().slice(before).filter((mail) => /^of \d+$/m.test(mail)); // prettier-ignore
      return own.length >= 6 && own;
    });
    expect(mails).toHaveLength(6);
    expect(mails.filter((mail) => mail.includes(`of ${owner}\n`))).toHaveLength(5);
    expect(mails.filter((mail) => /^Bcc:/m.test(mail))).toEqual([]);
    expect(spawnSync(program, ['send-mail', '1', '--config', calls.place.config], { input: 'no JSON', encoding: 'utf8' }).status).toBe(111);
  });

  it.each([
    ['is of somebody else', () => (mkdirSync(limits, { mode: 0o700 }), chownSync(limits, 61_002, 61_002))],
    ['others may enter', () => (mkdirSync(limits), chownSync(limits, owner, owner), chmodSync(limits, 0o710))],
    [
      'is a link',
      () => (
        mkdirSync(join(calls.place.out, 'linked')),
        chownTo(join(calls.place.out, 'linked')),
        symlinkSync(join(calls.place.out, 'linked'), limits)
      ),
    ],
  ])('is sent all the same where the directory for the counts %s', async (_what, plant) => {
    mkdirSync(dirname(limits), { recursive: true });
    plant();
    const before = calls.smtp.mails().length;
    script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
    await call('tricked.js');
    await until('the mail', () => calls.smtp.mails().length > before);
    expect(calls.place.log()).toMatch(/mails on errors are not counted, and none is held back: .*not user 48912's alone/);
    rmSync(join(calls.place.out, 'linked'), { recursive: true, force: true });
  });

  it('is not given to a program that others could have exchanged', async () => {
    const tools = join(calls.place.dir, 'tools');
    mkdirSync(tools);
    chownSync(tools, 61_002, 61_002);
    writeFileSync(join(tools, 'sendmail'), `#!/bin/sh\ntouch ${calls.place.out}/mailed\n`, { mode: 0o755 });
    await calls.withSettings(`admin = admin@example.org\nsendmail = ${tools}/sendmail`, async (other, tricked) => {
      script('tricked.js', 'module.exports = async () => { throw new Error("tricked"); };');
      await call('tricked.js', tricked);
      await until('the log', () =>
        /could not be sent: .*\/tools\/sendmail is not trusted: .*\/tools belongs to user 61002; chown /.test(other.log()),
      );
    });
    expect(existsSync(join(calls.place.out, 'mailed'))).toBe(false);
  });
});

function chownTo(path: string): void {
  chownSync(path, owner, owner);
}
