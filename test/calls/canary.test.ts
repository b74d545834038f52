import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, type Peer } from '../support/peer';
import { startSmtp, type MailServer } from '../support/smtp';
import {
  makePlace,
  program,
  runtime,
  scriptOwner,
  startXinetd,
  stopProcess,
  until,
  type Place,
  type SuperServer,
} from '../support/super-server';
import { startListen } from '../support/workers';

/** What must stand nowhere. */
const canaries = {
  pin: '471108',
  number: '4930123456',
  manager: 'canary-of-manager',
  key: 'canary-of-key',
  password: 'canary-of-dsn',
  stored: 'canary "stored" ü',
};

const script = `const { spawnSync } = require('node:child_process');
module.exports = async (agi) => {
  const { digits } = await agi.getData('enter-pin', 5000, 6, { secret: true });
  const asked = await agi.ask('again', { digits: 6, secret: true });
  await agi.setVariable('PIN', digits, { secret: true });
  await agi.databasePut('pins', agi.request.agi_callerid, ${JSON.stringify(canaries.stored)}, { secret: true });
  const stored = await agi.databaseGet('pins', 'x', { secret: true });
  const { sections } = agi.config;
  const all = [digits, asked.digits, stored, agi.request.agi_callerid, sections.asmanager.secret, sections.own.api_key, sections.own.dsn];
  await agi.verbose(all.join(' '));
  await agi.verbose(all);
  await agi.conlog(all.join(' '));
  console.log('log', ...all);
  console.error('err', all);
  process.stdout.write(all.join('+') + '\\n');
  agi.log.warn(all.join('|'));
  await agi.noop(all.join(' '));
  await agi.exec('NoOp', all.join(' '));
  const error = new Error('no card for ' + all.join(' '), { cause: new TypeError(all.join('/')) });
  throw Object.assign(error, { all });
};
`;

const parts = { xinetd: hasProgram('xinetd'), root: isRoot, aiosmtpd: hasProgram('aiosmtpd') };

describeWith(parts, 'a call with a PIN, a number and configured secrets', () => {
  let place: Place;
  let smtp: MailServer;
  let server: SuperServer | undefined;
  const shown = { ladder: '', text: '', json: '' };
  beforeAll(async () => {
    smtp = await startSmtp();
    place = makePlace();
    for (const [name, mode] of [['run', 0o755], ['calls', 0o755]] as const) mkdirSync(join(place.dir, name), { mode }); // prettier-ignore
    const path = place.script('canary.js', script);
    chownSync(path, scriptOwner, scriptOwner);
    chmodSync(place.config, 0o600);
    writeFileSync(
      place.config,
      `${readFileSync(place.config, 'utf8')}log_calls = true
secrets_for = daemon
numbers = last3
record = ${join(place.dir, 'calls')}
trace_socket = ${join(place.dir, 'run/trace.sock')}
user = daemon
workers = 1
status_socket = ${join(place.out, 'status.sock')}
[phpagi]
debug = true
admin = admin@example.org
smtp = smtp://127.0.0.1:${smtp.port}
[asmanager]
secret = ${canaries.manager}
[own]
api_key = ${canaries.key}
dsn = mysql://web:${canaries.password}@db/x
`,
    );
  });
  afterAll(async () => {
    await smtp.stop();
    place.remove();
  });

  async function call(form: keyof typeof shown): Promise<Peer> {
    const options = form === 'ladder' ? [] : [`--${form}`];
    const trace = spawn(runtime, [program, 'trace', '--config', place.config, ...options, '--record', join(place.dir, `tapes-${form}`)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    trace.stdout.setEncoding('utf8').on('data', (text: string) => (shown[form] += text));
    await until('the watcher', () => shown[form].includes('Watching'));
    const keys = [...canaries.pin];
    const peer = openPeer(
      server?.port ?? 0,
      environment('canary.js', { agi_callerid: canaries.number, agi_channel: `SIP/${canaries.number}-00000001` }),
      (line) => {
        if (line.startsWith('GET DATA')) return `200 result=${canaries.pin}\n`;
        if (line.startsWith('WAIT FOR DIGIT')) return `200 result=${keys.shift()?.charCodeAt(0) ?? 0}\n`;
        if (line.startsWith('DATABASE GET')) return `200 result=1 (${Buffer.from(canaries.stored).toString('latin1')})\n`;
        return politeAnswer(line);
      },
    );
    await peer.closed;
    await until('the end of the trace', () => /FAILURE Error/.test(shown[form]));
    await stopProcess(trace);
    return peer;
  }

  /** Everything that anybody can read of a call. @param peer what Asterisk shows of it */
  async function outputs(peer: Peer, form: keyof typeof shown, mails: number): Promise<Record<string, string>> {
    const mail = await until('the mail', () => smtp.mails()[mails]);
    const read = (directory: string): string[] =>
      existsSync(directory)
        ? readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cassette')).map((name) => readFileSync(join(directory, name), 'utf8'))
        : []; // prettier-ignore
    const cassettes = await until('the recording', () => {
      const found = read(join(place.dir, 'calls'));
      return found.length > mails && found;
    });
    const console = peer.commands.filter((line) => /^(?:VERBOSE|SET VARIABLE "FASTAGI)/.test(line));
    return {
      mail,
      log: place.log(),
      console: console.join('\n'),
      cassettes: cassettes.join('\n'),
      trace: shown[form],
      traced: read(join(place.dir, `tapes-${form}`)).join('\n'),
    };
  }

  const kinds = [
    ['a process of its own', 'ladder', async () => startXinetd(place)],
    ['a process of its own, as text', 'text', async () => startXinetd(place)],
    ['a worker', 'json', async () => startListen(place)],
  ] as const;

  it.each(kinds)('shows them nowhere, served by %s', async (_kind, form, start) => {
    const mails = smtp.mails().length;
    server = await start();
    try {
      const all = await outputs(await call(form), form, mails);
      const log = 'output' in server ? all['log'] + server.output() : all['log'];
      for (const [output, text] of Object.entries({ ...all, log })) {
        // It is the right output, and something of the call is in it.
        expect(text, output).toMatch(/no card for <secret \d{6}>|DATABASE PUT/);
        for (const [what, canary] of Object.entries(canaries)) {
          const forms = [canary, Buffer.from(canary).toString('latin1'), canary.replaceAll('"', '\\"'), encodeURIComponent(canary)];
          for (const one of forms) expect(text?.includes(one), `${what} in ${output}:\n${text}`).toBe(false);
        }
        expect(text, output).toContain('456');
      }
    } finally {
      await server.stop();
      server = undefined;
    }
  });
});
