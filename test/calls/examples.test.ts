import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectCall, type Asterisk, type AsteriskOptions } from '../../src/testing';
import { fasterClock } from '../../src/testing/asterisk/clock';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import {
  makePlace,
  program,
  project,
  runtime,
  scriptOwner,
  startXinetd,
  until,
  type Place,
  type SuperServer,
} from '../support/super-server';

const fast = fasterClock(20);

/** Every sound is there, and takes a second. */
const sounds: Record<string, number> = new Proxy(
  {},
  {
    get: () => 1000,
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true, value: 1000 }),
  },
);

const parts = { xinetd: hasProgram('xinetd'), root: isRoot, 'espeak-ng': hasProgram('espeak-ng') };
const names = readdirSync(join(project, 'examples'))
  .filter((name) => name.endsWith('.js'))
  .map((name) => name.replace(/\.js$/, ''));

describeWith(parts, 'the examples', () => {
  let place: Place;
  let server: SuperServer;
  let spool: string;
  beforeAll(async () => {
    place = makePlace();
    spool = join(place.dir, 'spool/outgoing');
    for (const dir of ['spoken', 'spool', 'spool/outgoing', 'agi-bin/node_modules']) mkdirSync(join(place.dir, dir));
    // As Asterisk's own are: the scripts' user writes there.
    for (const dir of ['spoken', 'spool', 'spool/outgoing']) chownSync(join(place.dir, dir), scriptOwner, scriptOwner);
    writeFileSync(
      place.config,
      `${readFileSync(place.config, 'utf8')}[phpagi]\ntempdir = ${place.dir}/spoken\n[tts]\nengine = espeak-ng\n`,
    );
    symlinkSync(project, join(place.basedir, 'node_modules/fastagi'));
    place.script('package.json', '{ "type": "module" }');
    for (const name of names) {
      copyFileSync(join(project, 'examples', `${name}.js`), join(place.basedir, `${name}.js`));
      chmodSync(join(place.basedir, `${name}.js`), 0o644);
      chownSync(join(place.basedir, `${name}.js`), scriptOwner, scriptOwner);
    }
    server = await startXinetd(place);
  });
  afterAll(async () => {
    await server.stop();
    place.remove();
  });

  /** One call. @param pressed keys by the beginning of the command during which they are pressed, each once */
  async function call(
    script: string,
    pressed: [command: string, keys: string][] = [],
    options: AsteriskOptions = {},
    args: string[] = [],
  ): Promise<Asterisk> {
    const socket = connect(server.port, server.host);
    const asterisk = connectCall(socket, { script, args, values: { channel: 'PJSIP/100-0000000a' } }, { sounds, ...options }, fast);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    let seen = 0;
    for (const [command, keys] of pressed) {
      const at = await until(command, () => {
        const found = asterisk.commands.findIndex((line, index) => index >= seen && line.startsWith(command));
        return found < 0 ? undefined : { found };
      });
      seen = at.found + 1;
      asterisk.press(keys);
    }
    await ended;
    expect(place.log()).toBe('');
    expect(asterisk.channel.read('FASTAGISTATUS')).toBe('SUCCESS');
    return asterisk;
  }

  it('are all tried here', () => {
    expect(names).toEqual(['account', 'callback', 'dtmf', 'input', 'menu', 'ping', 'test-agi', 'voicemail', 'wake-up']);
  });

  it('test-agi', async () => {
    const { channel } = await call('test-agi');
    expect(channel.console.slice(0, 2)).toEqual(['cool, the FastAGI server has been called!', 'Array']);
    expect(channel.read('test')).toBe('1111');
  });

  it('dtmf says the digits back', async () => {
    const { commands } = await call('dtmf', [['GET DATA', '123#']]);
    expect(commands.filter((line) => /^(SAY|STREAM)/.test(line))).toEqual(['SAY DIGITS "123" ""', 'STREAM FILE "vm-goodbye" ""']);
  });

  it('input says a text back', async () => {
    const { channel, commands } = await call('input', [['GET DATA', '44*444#']]);
    expect(channel.read('TYPED')).toBe('HI');
    expect(commands.filter((line) => line.startsWith('STREAM FILE') && line.includes('fastagi-tts-'))).toHaveLength(3);
  });

  it('ping asks again for what is no address, and tells what came of it', async () => {
    const { channel } = await call('ping', [['STREAM', '999*1*1*1#'], ['STREAM', ''], ['STREAM', '127*0*0*1#']]); // prettier-ignore
    expect(channel.read('PINGED')).toMatch(hasProgram('ping') ? /^[\d.]+$/ : /^nothing$/);
  });

  it('menu takes what is typed ahead', async () => {
    expect((await call('menu', [['STREAM', '21']])).channel.read('CHOSEN')).toBe('2-1');
    expect((await call('menu', [['STREAM FILE "digits/2"', '1']])).channel.read('CHOSEN')).toBe('1-anybody');
  });

  it('voicemail records, and once more where that is asked for', async () => {
    const { channel, commands } = await call('voicemail', [['RECORD', '#'], ['STREAM FILE "vm-review"', '2'], ['RECORD', '#'], ['STREAM FILE "vm-review"', '1']], {}, [place.out]); // prettier-ignore
    expect(commands.filter((line) => line.startsWith('RECORD FILE'))).toHaveLength(2);
    expect(channel.read('MESSAGE')).toBe(`${place.out}/message-1700000000.1`);
  });

  it('account lets in who knows the PIN, and tells, records and rings', async () => {
    const database = { 'account/4711/pin': '0815', 'account/4711/balance': '-1234', 'account/4711/agent': '100' };
    const { channel, commands } = await call(
      'account',
      [
        ['STREAM', '4711#'], ['STREAM FILE "vm-password"', '9999#'], ['STREAM FILE "vm-incorrect"', '4711#'], ['STREAM FILE "vm-password"', '0815#'],
        ['STREAM', '1'], ['STREAM', ''], ['STREAM', '2'], ['RECORD', '#'], ['STREAM', '3'], ['EXEC "Dial"', ''], ['STREAM', ''], ['STREAM', '9'],
      ],
      { database, applications: { Dial: (_options, { variables }) => (variables.set('DIALSTATUS', 'NOANSWER'), 0) } },
    ); // prettier-ignore
    expect(commands).toContain('SET VARIABLE "CDR(accountcode)" "4711"');
    expect(channel.database.get('account/4711/message')).toMatch(/\/4711-\d+$/);
    expect(commands).toContain('EXEC "Dial" "PJSIP/100,20,tT"');
    expect(commands.at(-2)).toBe('STREAM FILE "vm-goodbye" ""');
  });

  it('the script of docs/from-phpagi.md is the one that is tested here', () => {
    expect(readFileSync(join(project, 'docs/from-phpagi.md'), 'utf8')).toContain(
      readFileSync(join(project, 'examples/account.js'), 'utf8'),
    );
  });

  it('callback has the caller called', async () => {
    await call('callback', [], { callerId: { name: '', number: '4930123' } }, ['PJSIP/provider', spool]);
    const [file = ''] = readdirSync(spool);
    expect(readFileSync(join(spool, file), 'utf8')).toBe(
      'Channel: PJSIP/4930123@provider\nMaxRetries: 2\nWaitTime: 30\nContext: called-back\nExtension: s\nPriority: 1\nSetvar: CALLED_BACK=4930123\n',
    );
    expect(statSync(join(spool, file)).mtimeMs).toBeGreaterThan(Date.now());
  });

  it('wake-up calls at the time that was asked for', async () => {
    const before = new Set(readdirSync(spool));
    const { channel } = await call('wake-up', [['STREAM', '2561'], ['STREAM FILE "time', '0730']], {}, [spool]); // prettier-ignore
    const at = new Date(channel.read('WAKE_UP') ?? '');
    expect([at.getHours(), at.getMinutes()]).toEqual([7, 30]);
    const file = readdirSync(spool).find((name) => !before.has(name)) ?? '';
    expect(readFileSync(join(spool, file), 'utf8')).toContain('Channel: PJSIP/100\n');
    expect(Math.round(statSync(join(spool, file)).mtimeMs)).toBe(at.getTime());
  });

  const argsOf: Readonly<Record<string, () => string[]>> = {
    callback: () => ['--arg', 'PJSIP/provider', '--arg', spool, '--callerid', '4930123456'],
    'wake-up': () => ['--arg', spool],
  };

  it.each(names)('%s goes as its scenario says', (name) => {
    const scenario = join(project, 'examples', `${name}.scenario`);
    const target = `agi://127.0.0.1:${server.port}/${name}`;
    const { stdout } = spawnSync(runtime, [program, 'call', target, '--scenario', scenario, ...(argsOf[name]?.() ?? [])], { encoding: 'utf8' }); // prettier-ignore
    expect(stdout).toBe(`✓ ${scenario}\n1 as expected, 0 not\n`);
  });
});
