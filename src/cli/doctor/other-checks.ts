import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { isListed } from '../../call/peer';
import { packageDirectory } from '../../ground/package-directory';
import { configuredEngine } from '../../tts/engines';
import { soundOf } from '../../tts/speak';
import { lookAtEngine } from '../check/settings';
import { factsOf, readOr } from '../services/system-facts';
import { isOnThisMachine } from './addresses';
import { asMaster } from './as-master';
import { ok, warning, wrong, type Check, type Patient, type Result } from './diagnosis';

/** What only some need: speech, mail, a proxy, SELinux; and the clock. */
export const otherChecks: readonly Check[] = [
  asMaster({ name: 'speech', run: lookAtSpeech }),
  asMaster({ name: 'mail', run: lookAtMail }),
  { name: 'proxy', run: lookAtProxy },
  { name: 'selinux', run: lookAtSelinux },
  { name: 'clock', run: lookAtClock },
];

/** So long a mail server may take, in ms. */
const patience = 10_000;

async function lookAtSpeech({ settings }: Patient): Promise<Result[]> {
  const { problems } = lookAtEngine(settings);
  if (problems.length > 0) return problems.map(wrong);
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-doctor-'));
  try {
    const engine = configuredEngine(settings);
    await soundOf('one two three', engine, 8000, dir);
    return [ok(`${engine.name} speaks`)];
  } catch (error) {
    return [warning(`a text could not be spoken, which only scripts with say(), text2wav() or swift() need: ${(error as Error).message}`)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function lookAtMail({ settings: { phpagi }, sendsMail }: Patient): Promise<Result[]> {
  const { admin, smtp, sendmail } = phpagi;
  if (admin === undefined) return [ok('no mail is sent, as [phpagi] admin is not set')];
  if (smtp === undefined && !factsOf().isExecutable(sendmail))
    return [
      wrong(
        `mails to ${admin} cannot go out: ${sendmail} is not there; name a server in [phpagi] smtp, or install one: apt install postfix`,
      ),
    ];
  const transport =
    smtp === undefined
      ? createTransport({ sendmail: true, path: sendmail, newline: 'unix' })
      : createTransport({ url: smtp, connectionTimeout: patience, socketTimeout: patience, greetingTimeout: patience });
  try {
    if (sendsMail) {
      await transport.sendMail({
        from: `fastagi@${phpagi.hostname ?? 'localhost'}`,
        to: admin,
        subject: 'fastagi doctor',
        text: 'Mails on failed calls arrive.\n',
      });
      return [ok(`a mail to ${admin} went out: see whether it arrives`)];
    }
    if (smtp !== undefined) await transport.verify();
    return [
      ok(`${smtp === undefined ? sendmail : 'the mail server'} takes mails for ${admin}; none was sent: fastagi doctor --only mail --mail`),
    ];
  } catch (error) {
    return [wrong(`mails to ${admin} cannot go out: ${(error as Error).message}; correct [phpagi] smtp`)];
  } finally {
    transport.close();
  }
}

/** Whether the addresses that HAProxy on this machine comes from are known. */
function lookAtProxy({ settings: { fastagi }, services }: Patient): Result[] {
  const ports = services.flatMap(({ listens }) => listens.map(({ port }) => port));
  const lines = serversOf(readOr('/etc/haproxy/haproxy.cfg')).filter(({ port }) => ports.includes(port));
  if (lines.length === 0) return [ok('no HAProxy stands in front, as far as /etc/haproxy/haproxy.cfg says')];
  return lines.map(({ line, name, sendsProxy }) => {
    const where = `/etc/haproxy/haproxy.cfg, line ${line}: server ${name}`;
    const isKnown = isListed('127.0.0.1', fastagi.proxyProtocol, 'proxy_protocol');
    if (sendsProxy && !isKnown)
      return wrong(`${where} sends a PROXY header, which nobody expects: write in phpagi.conf: [fastagi] proxy_protocol = 127.0.0.1`);
    if (!sendsProxy && isKnown)
      return wrong(`${where} sends no PROXY header, though [fastagi] proxy_protocol expects one: add send-proxy-v2 there`);
    if (!sendsProxy && fastagi.allow.length > 0 && !isListed('127.0.0.1', fastagi.allow, 'allow'))
      return wrong(`${where} comes from 127.0.0.1, which [fastagi] allow does not list: add it, or send-proxy-v2 there`);
    return ok(`HAProxy's server ${name} is known`);
  });
}

/** The servers of a configuration of HAProxy. */
export function serversOf(text: string): { line: number; name: string; port: number; sendsProxy: boolean }[] {
  return text.split('\n').flatMap((line, index) => {
    const [word, name = '', address = '', ...options] = line.trim().split(/\s+/);
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    return word === 'server'
      ? [{ line: index + 1, name, port, sendsProxy: options.some((option) => option.startsWith('send-proxy')) }]
      : [];
  });
}

function lookAtSelinux(): Result[] {
  if (!existsSync('/sys/fs/selinux/enforce')) return [ok('SELinux is not there')];
  if (readOr('/sys/fs/selinux/enforce').trim() !== '1') return [ok('SELinux forbids nothing (permissive)')];
  const program = factsOf().resolve(factsOf().program);
  const { stdout } = spawnSync('stat', ['--format=%C', program], { encoding: 'utf8' });
  const type = stdout.trim().split(':')[2] ?? '';
  if (['bin_t', 'usr_t', 'lib_t'].includes(type)) return [ok(`SELinux: ${program} is ${type}`)];
  return [
    warning(
      `SELinux: ${program} is ${type || 'of no type'}, which xinetd may not start: restorecon -Rv ${packageDirectory}, or chcon -t bin_t ${program}`,
    ),
  ];
}

/** So far apart two clocks may be, in s. */
const drift = 5;

async function lookAtClock({ settings, account }: Patient): Promise<Result[]> {
  const found = await account();
  if (!('manager' in found) || (await isOnThisMachine(settings.asmanager.server)))
    return [ok(`it is ${new Date().toISOString().slice(0, 19).replace('T', ' ')} (UTC)`)];
  const before = Date.now();
  const there = Number((await found.manager.action('Ping')).get('Timestamp')) * 1000;
  const apart = Math.abs(there - (before + Date.now()) / 2) / 1000;
  if (!(apart > drift)) return [ok("this clock and Asterisk's agree")];
  return [
    warning(
      `this clock and Asterisk's are ${Math.round(apart)} s apart, and so are the times of logs and call files: timedatectl set-ntp true, on both`,
    ),
  ];
}
