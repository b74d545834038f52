import { createTransport } from 'nodemailer';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mayMail } from '../../../src/call/mail/limit';
import { mailFailed, sendMail } from '../../../src/call/mail/mail';
import type { FailedCall, Mail } from '../../../src/call/mail/text';
import { outcomeOf } from '../../../src/call/outcome';
import type { Sections } from '../../../src/config/settings';
import { recordedLog } from '../../support/recorded-log';
import { requestOf } from '../../support/request';
import { settingsOf } from '../../support/settings';

// What is sent over real servers and by real programs is in test/calls; here is what they are asked to do.
vi.mock('nodemailer', () => ({ createTransport: vi.fn() }));
vi.mock('../../../src/call/mail/limit', () => ({ mayMail: vi.fn() }));

const failed: FailedCall = {
  script: 'pay.js',
  outcome: outcomeOf(new Error('no card')),
  request: requestOf(),
  exchanges: [],
  hide: (text) => text,
};
const sendMailOf = vi.fn();
const { log, lines } = recordedLog();

let dir: string;
let sendmail: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-mail-'));
  sendmail = join(dir, 'sendmail');
  writeFileSync(sendmail, '', { mode: 0o755 });
  lines.length = 0;
  vi.mocked(mayMail).mockReset().mockReturnValue({ heldBack: 0 });
  vi.mocked(createTransport)
    .mockReset()
    .mockReturnValue({ sendMail: sendMailOf } as never);
  sendMailOf.mockReset().mockResolvedValue(undefined);
});
afterEach(() => (vi.useRealTimers(), rmSync(dir, { recursive: true, force: true })));

const settings = (phpagi: Sections[string] = {}) => settingsOf({ phpagi: { admin: 'admin@example.org', sendmail, ...phpagi } });
const mailed = (phpagi?: Sections[string]) => mailFailed(failed, settings(phpagi), log);
/** As who may not read them has them. */
const withheld = { ...settingsOf({}), phpagi: { ...settingsOf({}).phpagi, admin: 'admin@example.org', smtp: '' } };

describe('a mail', () => {
  it('goes through sendmail, with lines as it wants them', async () => {
    await mailed({ hostname: 'pbx.example.org' });
    expect(createTransport).toHaveBeenCalledWith({ sendmail: true, path: sendmail, newline: 'unix' });
    expect(sendMailOf).toHaveBeenCalledTimes(1);
    expect(sendMailOf.mock.calls[0]?.[0]).toMatchObject({
      from: 'fastagi@pbx.example.org',
      to: 'admin@example.org',
      subject: expect.stringMatching(/Error: no card$/) as string,
      text: expect.stringContaining('FAILURE of pay.js on pbx.example.org') as string,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    expect(lines).toEqual([]);
  });

  it('goes to a mail server if one is named, and waits for it for 20 s', async () => {
    await mailed({ smtp: 'smtp://127.0.0.1:25' });
    expect(createTransport).toHaveBeenCalledWith({ url: 'smtp://127.0.0.1:25', connectionTimeout: 20_000, socketTimeout: 20_000 });
    expect(sendMailOf.mock.calls[0]?.[0]).toMatchObject({
      from: `fastagi@${hostname()}`,
      text: expect.stringContaining(`FAILURE of pay.js on ${hostname()}`) as string,
    });
  });

  it('is sent by whoever may have the password', async () => {
    const sent: Mail[] = [];
    await mailFailed(failed, withheld, log, async (mail) => void sent.push(mail));
    expect(sent).toMatchObject([{ summary: expect.stringContaining('no card') as string }]);
    expect(createTransport).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
  });

  it('says how many were held back', async () => {
    vi.mocked(mayMail).mockReturnValue({ heldBack: 3 });
    await mailed();
    expect(sendMailOf.mock.calls[0]?.[0]).toMatchObject({ text: expect.stringContaining('3 further mails') as string });
  });

  it('is none if too many were, or nobody is to be told', async () => {
    vi.mocked(mayMail).mockReturnValue(undefined);
    await mailed();
    vi.mocked(mayMail).mockReturnValue({ heldBack: 0 });
    await sendMail({ kind: '', subject: '', summary: '', details: '' }, settingsOf({}).phpagi, log);
    expect(createTransport).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
  });

  it('is sent all the same if they cannot be counted', async () => {
    vi.mocked(mayMail).mockImplementation(() => {
      throw new Error('not ours');
    });
    await mailed();
    expect(sendMailOf).toHaveBeenCalledTimes(1);
    expect(lines).toEqual(['warn mails on errors are not counted, and none is held back: not ours']);
  });
});

describe('a mail that cannot be sent is a line in the log', () => {
  const line = /^error the mail to admin@example\.org could not be sent: /;

  it.each(['self-signed certificate', 'unable to verify the first certificate', "Hostname/IP does not match certificate's altnames"])(
    'with the remedy for a server that vouches for itself: %s',
    async (why) => {
      sendMailOf.mockRejectedValue(new Error(why));
      await mailed();
      expect(lines).toEqual([expect.stringMatching(line)]);
      expect(lines[0]).toContain(`${why}; if it is your own server, end [phpagi] smtp with /?tls.rejectUnauthorized=false`);
    },
  );

  it('with the reason alone for another error', async () => {
    sendMailOf.mockRejectedValue(new Error('refused'));
    await mailed();
    expect(lines).toEqual(['error the mail to admin@example.org could not be sent: refused']);
  });

  it('if the user may not have the password', async () => {
    await mailFailed(failed, withheld, log);
    expect(lines[0]).toMatch(line);
    expect(lines[0]).toMatch(/user \S+ may not have \[phpagi\] smtp; name the user in \[fastagi\] secrets_for$/);
  });

  it('if the program is not named by its whole path, or others could have exchanged it', async () => {
    await mailed({ sendmail: 'sendmail' });
    expect(lines.pop()).toMatch(/\[phpagi\] sendmail is sendmail; write its whole path, from \/ on$/);
    chmodSync(sendmail, 0o757);
    await mailed();
    expect(lines.pop()).toMatch(/sendmail is not trusted: everybody may write .*; chmod o-w /);
    expect(createTransport).not.toHaveBeenCalled();
  });

  it('if it takes longer than 20 s', async () => {
    vi.useFakeTimers();
    sendMailOf.mockReturnValue(new Promise(() => undefined));
    const over = mailed();
    await vi.advanceTimersByTimeAsync(19_999);
    expect(lines).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await over;
    expect(lines).toEqual(['error the mail to admin@example.org could not be sent: it took longer than 20 s']);
  });
});
