import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { startSmtp, type MailServer } from '../support/smtp';
import { makePlace, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

const alice = 61_001;
/** In pieces, so that only the configuration can be where a script finds it. */
const secrets = ['hunter', 'secrets'].map((word) => `${word}-of-the-file`);

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd') }, 'secrets of the configuration', () => {
  let place: Place;
  let server: SuperServer;
  let smtp: MailServer;
  beforeEach(async () => {
    smtp = await startSmtp({ login: { user: 'mailer', password: secrets[0] as string } });
    place = makePlace();
    server = await startXinetd(place);
  });
  afterEach(async () => {
    await server.stop();
    await smtp.stop();
    place.remove();
  });

  function configure(more = ''): void {
    writeFileSync(
      place.config,
      `[asmanager]\nsecret = ${secrets[0]}
[phpagi]\nadmin = admin@example.org\nsmtp = smtp://mailer:${secrets[0]}@127.0.0.1:${smtp.port}
[mine]\nname = shown\ndb_password = ${secrets[1]}\ndsn = mysql://web:${secrets[1]}@db\n# ${secrets[1]} in a comment
[fastagi]\nleast_uid = 1\nbasedir = ${place.basedir}\nlog = ${place.dir}/log\n${more}`,
    );
    chmodSync(place.config, 0o640);
  }
  function script(file: string, owner: number, name = file): void {
    chownSync(place.use(`secrets/${file}`, name), owner, owner);
  }
  async function result(name: string): Promise<string | undefined> {
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return variableSet(peer, 'result') ?? variableSet(peer, 'FASTAGIERROR');
  }
  it('are in the config of scripts whose user may read the file, and of those that secrets_for names', async () => {
    script('config.cjs', alice, 'withheld.cjs');
    script('config.cjs', 1, 'daemon.cjs');
    configure();
    expect(await result('withheld.cjs')).toBe('true 0 false name shown');
    expect(await result('daemon.cjs')).toBe('true 0 false name shown');
    configure('secrets_for = daemon, nobody');
    expect(await result('withheld.cjs')).toBe('true 0 false name shown');
    expect(await result('daemon.cjs')).toBe(`false ${secrets[0]?.length} true name,db_password,dsn shown`);
    configure();
    chownSync(place.config, 0, 1);
    expect(await result('daemon.cjs')).toBe(`false ${secrets[0]?.length} true name,db_password,dsn shown`);
    chmodSync(place.config, 0o644);
    chmodSync(place.dir, 0o711);
    expect(await result('withheld.cjs')).toBe(`false ${secrets[0]?.length} true name,db_password,dsn shown`);
    // Nor may a user read what lies behind a closed directory.
    const closed = join(place.dir, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    copyFileSync(place.config, join(closed, 'phpagi.conf'));
    await server.stop();
    server = await startXinetd({ ...place, config: join(closed, 'phpagi.conf') });
    expect(await result('withheld.cjs')).toBe('true 0 false name shown');
  });

  it('lose no call if a password holds a % that should be %25', async () => {
    script('config.cjs', 1, 'daemon.cjs');
    configure('secrets_for = daemon\n[theirs]\nurl = ftp://me:100%@files\n');
    expect(await result('daemon.cjs')).toBe(`false ${secrets[0]?.length} true name,db_password,dsn shown`);
  });

  it('are not in the memory that a script can look at', async () => {
    configure();
    script('looks.cjs', alice);
    expect(await result('looks.cjs')).toBe('found: ');
  });

  it('are missed with a sentence: the manager', async () => {
    configure();
    script('manager.cjs', alice);
    expect(await result('manager.cjs')).toBe(
      'manager: user 61001 may not read the configuration, and so does not get [asmanager] secret; name the user in [fastagi] secrets_for',
    );
  });

  it('send the mail on the error of a script that does not get them', async () => {
    configure();
    script('broken.cjs', alice);
    chownSync(place.use('ok.cjs'), alice, alice);
    await result('ok.cjs');
    await result('broken.cjs');
    const mail = await until('the mail', () => smtp.mails()[0]);
    expect(mail).toMatch(/^Subject: broken\.cjs\/2\/Error: broken/m);
    expect(mail).toMatch(/^To: admin@example\.org$/m);
    expect(mail).toContain('FAILURE of broken.cjs on ');
    expect(mail).toContain('agi_channel: PJSIP/100-00000001');
    expect(smtp.mails()).toHaveLength(1);
    expect(readFileSync(join(place.dir, 'log'), 'utf8')).not.toContain('could not be sent');
  });

  it('and if that fails the log says why, with no secret in it', async () => {
    configure();
    await smtp.stop();
    script('broken.cjs', alice);
    await result('broken.cjs');
    const log = await until('the log', () => {
      const text = existsSync(join(place.dir, 'log')) ? readFileSync(join(place.dir, 'log'), 'utf8') : '';
      return text.includes('could not be sent') && text;
    });
    expect(log).toMatch(/broken\.cjs: the mail to admin@example\.org could not be sent: .*ECONNREFUSED/);
    expect(log).not.toContain('-of-the-file');
  });
});
