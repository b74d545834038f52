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
  function script(name: string, owner: number, text: string): void {
    chownSync(place.script(name, text), owner, owner);
  }
  async function result(name: string): Promise<string | undefined> {
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return variableSet(peer, 'result') ?? variableSet(peer, 'FASTAGIERROR');
  }
  const config = `module.exports = ({ config: c, setVariable }) => setVariable('result',
    [c.withheld, c.asmanager.secret.length, c.phpagi.smtp.length > 0, Object.keys(c.sections.mine), c.sections.mine.name].join(' '));\n`;

  it('are in the config of scripts whose user may read the file, and of those that secrets_for names', async () => {
    script('withheld.cjs', alice, config);
    script('daemon.cjs', 1, config);
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

  it('are not in the memory that a script can look at', async () => {
    configure();
    script(
      'looks.cjs',
      alice,
      `const v8 = require('node:v8');
module.exports = async (agi) => {
  // Not as a text, which would be found wherever it was copied to.
  const codes = ${JSON.stringify([...Buffer.from('-of-the-file')])};
  const wanted = Buffer.from(codes);
  const found = [];
  try { if (require('node:fs').readFileSync('/proc/self/mem')) found.push('mem'); } catch {}
  let heap = '';
  for await (const piece of v8.getHeapSnapshot()) heap += piece;
  // The snapshot has freed what nobody holds.
  for (let size = 64; size < 5000; size++) for (let n = 0; n < 8; n++) if (Buffer.allocUnsafeSlow(size).includes(wanted)) found.push('freed ' + size);
  const text = String.fromCharCode(...codes);
  if (heap.includes(text)) found.push('heap ' + heap.slice(heap.indexOf(text) - 40).slice(0, 80));
  if (JSON.stringify([process.env, agi, RegExp.input, RegExp.lastMatch]).includes(text)) found.push('agi');
  await agi.setVariable('result', 'found: ' + found.join(', '));
};\n`,
    );
    expect(await result('looks.cjs')).toBe('found: ');
  });

  it('are missed with a sentence: the manager', async () => {
    configure();
    script('manager.cjs', alice, 'module.exports = (agi) => agi.manager();\n');
    expect(await result('manager.cjs')).toBe(
      'manager: user 61001 may not read the configuration, and so does not get [asmanager] secret; name the user in [fastagi] secrets_for',
    );
  });

  it('send the mail on the error of a script that does not get them', async () => {
    configure();
    script('broken.cjs', alice, `module.exports = () => { throw new Error('broken'); };\n`);
    script('ok.cjs', alice, 'module.exports = () => undefined;\n');
    await result('ok.cjs');
    await result('broken.cjs');
    const mail = await until('the mail', () => smtp.mails()[0]);
    expect(mail).toMatch(/^Subject: broken\.cjs\/1\/Error: broken/m);
    expect(mail).toMatch(/^To: admin@example\.org$/m);
    expect(mail).toContain('FAILURE of broken.cjs on ');
    expect(mail).toContain('agi_channel: PJSIP/100-00000001');
    expect(smtp.mails()).toHaveLength(1);
    expect(readFileSync(join(place.dir, 'log'), 'utf8')).not.toContain('could not be sent');
  });

  it('and if that fails the log says why, with no secret in it', async () => {
    configure();
    await smtp.stop();
    script('broken.cjs', alice, `module.exports = () => { throw new Error('broken'); };\n`);
    await result('broken.cjs');
    const log = await until('the log', () => {
      const text = existsSync(join(place.dir, 'log')) ? readFileSync(join(place.dir, 'log'), 'utf8') : '';
      return text.includes('could not be sent') && text;
    });
    expect(log).toMatch(/broken\.cjs: the mail to admin@example\.org could not be sent: .*ECONNREFUSED/);
    expect(log).not.toContain('-of-the-file');
  });
});
