import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, nodeProgram, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

const [alice, mallory] = [61_001, 61_002];

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'the log', () => {
  let place: Place;
  let server: SuperServer;
  beforeEach(async () => {
    place = makePlace();
    server = await startXinetd(place);
  });
  afterEach(async () => {
    await server.stop();
    place.remove();
  });

  const configure = (log: string) =>
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\nlog = ${log}\nlog_calls = false\n`);
  const script = (file: string, owner: number, name = file) => chownSync(place.use(`logs/${file}`, name), owner, owner);
  async function status(name: string): Promise<string | undefined> {
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return variableSet(peer, 'FASTAGISTATUS');
  }
  const read = (name: string) => readFileSync(join(place.dir, name), 'utf8');

  it('is made for nobody but its owner and its group', async () => {
    configure(`${place.dir}/fresh`);
    script('hello.cjs', alice, 'ok.cjs');
    await status('ok.cjs');
    expect(read('fresh')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z fastagi\[\d+\] PJSIP\/100-00000001 ok\.cjs: hello\n$/);
    expect(statSync(join(place.dir, 'fresh'))).toMatchObject({ uid: 0, mode: 0o100640 });
  });

  it('as a directory holds a file for each user, which no other user can read or empty', async () => {
    const logs = join(place.dir, 'logs');
    mkdirSync(logs, { mode: 0o755 });
    configure(logs);
    script('of-alice.cjs', alice, 'alice.cjs');
    script('reads-others.cjs', mallory, 'mallory.cjs');
    script('hello.cjs', 0, 'seven.cjs');
    for (const name of ['alice.cjs', 'missing', 'mallory.cjs', 'alice.cjs', 'seven.cjs']) await status(name);
    expect(read(`logs/${alice}.log`).match(/of alice/g)).toHaveLength(2);
    expect(read('logs/root.log')).toMatch(/NOTFOUND: there is no script missing/);
    expect(read('logs/root.log')).toMatch(/seven\.cjs runs as nobody/);
    expect(read('logs/nobody.log')).toMatch(/seven\.cjs: hello/);
    expect(read(`logs/${mallory}.log`)).not.toMatch(/read|emptied/);
    expect(statSync(join(logs, `${alice}.log`))).toMatchObject({ uid: alice, mode: 0o100600 });
    expect(statSync(join(logs, 'nobody.log'))).toMatchObject({ uid: 65_534, mode: 0o100640 });
    expect(statSync(join(logs, 'root.log'))).toMatchObject({ uid: 0, mode: 0o100640 });
  });

  it.each<[string, () => string, RegExp]>([
    [
      'a directory that everybody may write',
      () => (chmodSync(join(place.dir, 'logs'), 0o777), 'logs/log'),
      /everybody may write .*\/logs; chmod o-w /,
    ],
    ['a link to a file of root', () => (symlinkSync(join(place.dir, 'roots'), join(place.dir, 'logs/log')), 'logs/log'), /ELOOP/],
    [
      'a hard link',
      () => (linkSync(join(place.dir, 'roots'), join(place.dir, 'logs/log')), 'logs/log'),
      /another name besides \(a hard link\); remove it/,
    ],
    [
      'a file of another',
      () => (made('logs/log'), chownSync(join(place.dir, 'logs/log'), mallory, 0), 'logs/log'),
      /it belongs to user 61002; chown 0 /,
    ],
    ['a file that everybody may write', () => (made('logs/log', 0o666), 'logs/log'), /others may write it; chmod go-w /],
    ['a file that a group may write', () => (made('logs/log', 0o660), 'logs/log'), /others may write it; chmod go-w /],
    ['no regular file', () => '/dev/null', /no regular file; remove it/],
    [
      'a directory of logs that is not root’s',
      () => (chownSync(join(place.dir, 'logs'), mallory, mallory), 'logs'),
      /must be root's alone.*; chown root /,
    ],
    ['a name without a directory', () => 'relative', /write its whole path/],
  ])('is not written as root to %s: syslog gets the lines, and the call goes on', async (_what, plant, why) => {
    made('roots');
    made('syslog', 0o666);
    mkdirSync(join(place.dir, 'logs'));
    const target = plant();
    configure(target.startsWith('/') || target === 'relative' ? target : join(place.dir, target));
    // What syslog gets is what the program `logger` is given.
    writeFileSync(join(place.dir, 'logger'), `#!/bin/sh\ncat >> ${place.dir}/syslog\n`, { mode: 0o755 });
    script('hello.cjs', alice, 'ok.cjs');
    await server.stop();
    server = await startXinetd(place, { path: `${place.dir}:${process.env['PATH']}` });
    expect(await status('ok.cjs')).toBe('SUCCESS');
    await until('syslog', () => read('syslog').includes('ok.cjs: hello'));
    expect(read('syslog')).toMatch(why);
    expect(read('roots')).toBe('untouched');
  });

  it('as a directory leaves a file of another as it is, and the lines go to syslog', async () => {
    made('syslog', 0o666);
    writeFileSync(join(place.dir, 'logger'), `#!/bin/sh\ncat >> ${place.dir}/syslog\n`, { mode: 0o755 });
    mkdirSync(join(place.dir, 'logs'));
    configure(join(place.dir, 'logs'));
    made(`logs/${alice}.log`, 0o600);
    chownSync(join(place.dir, `logs/${alice}.log`), mallory, mallory);
    script('hello.cjs', alice, 'ok.cjs');
    await server.stop();
    server = await startXinetd(place, { path: `${place.dir}:${process.env['PATH']}` });
    expect(await status('ok.cjs')).toBe('SUCCESS');
    await until('syslog', () => read('syslog').includes('hello'));
    expect(read('logs/root.log')).toMatch(/the log in .*\/logs cannot be opened: it belongs to user 61002; chown 61001 /);
    expect(read(`logs/${alice}.log`)).toBe('untouched');
    expect(statSync(join(place.dir, `logs/${alice}.log`)).uid).toBe(mallory);
  });

  it('in a directory of one user’s is opened as that user', async () => {
    mkdirSync(join(place.dir, 'logs'));
    chownSync(join(place.dir, 'logs'), mallory, mallory);
    configure(join(place.dir, 'logs/log'));
    await status('missing');
    expect(read('logs/log')).toMatch(/NOTFOUND/);
    expect(statSync(join(place.dir, 'logs/log'))).toMatchObject({ uid: mallory, mode: 0o100640 });
    rmSync(join(place.dir, 'logs/log'));
    made('roots');
    chmodSync(join(place.dir, 'roots'), 0o600);
    symlinkSync(join(place.dir, 'roots'), join(place.dir, 'logs/log'));
    await status('missing');
    expect(read('roots')).toBe('untouched');
  });

  const made = (name: string, mode = 0o640) => {
    writeFileSync(join(place.dir, name), 'untouched');
    chmodSync(join(place.dir, name), mode);
  };

  it('keeps from the script what was said before it: syslog has it', async () => {
    configure('syslog');
    made('syslog', 0o666);
    writeFileSync(join(place.dir, 'logger'), `#!/bin/sh\ncat >> ${place.dir}/syslog\n`, { mode: 0o755 });
    await server.stop();
    server = await startXinetd(place, { path: `${place.dir}:${process.env['PATH']}` });
    script('eraser.cjs', 0);
    expect(await status('eraser.cjs')).toBe('SUCCESS');
    await until('the end', () => server.output().split('EXIT: ').length === 3);
    expect(read('syslog')).toMatch(/eraser\.cjs runs as nobody/);
  });

  it.each([
    ['file', `writeFileSync(path, 'untouched')`],
    ['link', `symlinkSync(process.env.PLANTED, path)`],
  ])('on its way to syslog is not in a %s that somebody put there who guessed the name', async (_what, plant) => {
    configure('syslog');
    made('syslog', 0o666);
    made('roots');
    writeFileSync(join(place.dir, 'logger'), `#!/bin/sh\ncat >> ${place.dir}/syslog\n`, { mode: 0o755 });
    writeFileSync(
      join(place.dir, 'plant.cjs'),
      `Math.random = () => 0.5;
const { writeFileSync, symlinkSync, readFileSync } = require('node:fs');
const path = '/tmp/.fastagi-' + process.pid + '-i';
${plant.replace('process.env.PLANTED', `'${place.dir}/roots'`)};
process.on('exit', () => writeFileSync('${place.out}/' + process.pid, process.getuid() + ' ' + path + ' ' + readFileSync(path, 'utf8')));\n`,
    );
    await server.stop();
    server = await startXinetd(place, { server: process.execPath, before: `--require ${place.dir}/plant.cjs ${nodeProgram}` });
    script('hello.cjs', alice, 'ok.cjs');
    chmodSync(join(place.dir, 'roots'), 0o644);
    expect(await status('ok.cjs')).toBe('SUCCESS');
    const found = () => readdirSync(place.out).map((name) => read(`out/${name}`).split(' '));
    const planted = await until('the end', () => found().find(([uid]) => uid === String(alice)));
    expect(planted[2]).toBe('untouched');
    await until('whoever else is writing', () => found().every(([, , text]) => text !== undefined));
    for (const [, path] of found()) rmSync(path as string, { force: true });
  });
});
