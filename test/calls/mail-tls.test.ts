import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { certificate } from '../support/certificate';
import { forgetCounts } from '../support/forget-counts';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer } from '../support/peer';
import { startSmtp, type MailServer, type MailServerOptions } from '../support/smtp';
import { makePlace, program, runtime, scriptOwner, startXinetd, until, type Place } from '../support/super-server';

const login = { user: 'mailer', password: 'p@ss:w/rd' };
const account = `mailer:${encodeURIComponent(login.password)}@`;

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd') }, 'mails over TLS and with a log-in', () => {
  beforeEach(() => forgetCounts(scriptOwner));

  /** A call that fails, with such a mail server; the program trusts its certificate unless it should not. */
  async function fail(
    server: MailServerOptions,
    url: (port: number) => string,
    isTrusted = true,
  ): Promise<{ smtp: MailServer; place: Place }> {
    const smtp = await startSmtp(server);
    onTestFinished(() => smtp.stop());
    const place = makePlace(`[phpagi]\nadmin = admin@example.org\nsmtp = ${url(smtp.port)}\n`);
    onTestFinished(() => place.remove());
    const trusted = join(place.dir, 'ca.pem');
    writeFileSync(trusted, certificate.cert);
    const before = `${isTrusted ? `NODE_EXTRA_CA_CERTS=${trusted} ` : ''}${runtime} ${program}`;
    const xinetd = await startXinetd(place, { server: '/usr/bin/env', before });
    onTestFinished(() => xinetd.stop());
    place.use('mail-tls/fails.cjs');
    await openPeer(xinetd.port, environment('fails.cjs')).closed;
    return { smtp, place };
  }

  it.each<[string, MailServerOptions, (port: number) => string, boolean?]>([
    ['TLS from the first byte on', { tls: 'implicit' }, (port) => `smtps://localhost:${port}`],
    ['TLS and a log-in', { tls: 'implicit', login }, (port) => `smtps://${account}localhost:${port}`],
    ['STARTTLS', { tls: 'starttls' }, (port) => `smtp://localhost:${port}`],
    ['STARTTLS and a log-in', { tls: 'starttls', login }, (port) => `smtp://${account}localhost:${port}`],
    [
      'one of ours that vouches for itself',
      { tls: 'implicit' },
      (port) => `smtps://localhost:${port}/?tls.rejectUnauthorized=false`,
      false,
    ],
    ['the same behind STARTTLS', { tls: 'starttls' }, (port) => `smtp://localhost:${port}/?tls.rejectUnauthorized=false`, false],
    ['a log-in', { login }, (port) => `smtp://${account}localhost:${port}`],
  ])('go out: %s', async (_what, server, url, isTrusted = true) => {
    const { smtp, place } = await fail(server, url, isTrusted);
    expect(await until('the mail', () => smtp.mails()[0])).toMatch(/^Subject: fails\.cjs\/2\/Error: boom$/m);
    expect(place.log()).not.toContain('could not be sent');
  });

  it.each<[string, MailServerOptions, (port: number) => string, boolean, RegExp]>([
    [
      'a certificate that nobody vouches for',
      { tls: 'implicit' },
      (port) => `smtps://localhost:${port}`,
      false,
      /self[- ]signed certificate; if it is your own server, end \[phpagi\] smtp with/,
    ],
    [
      'the same behind STARTTLS',
      { tls: 'starttls' },
      (port) => `smtp://localhost:${port}`,
      false,
      /self[- ]signed certificate; if it is your own server, end \[phpagi\] smtp with/,
    ],
    ['a wrong password', { tls: 'implicit', login }, (port) => `smtps://mailer:wrong@localhost:${port}`, true, /Invalid login/],
    ['no log-in at all', { login }, (port) => `smtp://localhost:${port}`, true, /could not be sent/],
  ])('do not go out, and the log says why, without the password: %s', async (_what, server, url, isTrusted, why) => {
    const { smtp, place } = await fail(server, url, isTrusted);
    const line = await until('the log', () =>
      place
        .log()
        .split('\n')
        .find((text) => text.includes('could not be sent')),
    );
    expect(line).toMatch(why);
    expect(place.log()).not.toMatch(/wrong|p@ss|p%40ss/);
    expect(smtp.mails()).toEqual([]);
  });
});
