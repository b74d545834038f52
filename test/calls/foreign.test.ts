import { execFileSync } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { serveForAll } from '../support/served';
import { makePlace, program, runtime, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

const hasPerlModule = () => spawnSync('perl', ['-MAsterisk::AGI', '-e', '1']).status === 0;
const parts = { xinetd: hasProgram('xinetd'), root: isRoot, php: hasProgram('php'), "Perl's Asterisk::AGI": hasPerlModule() };

describeWith(parts, 'a program in another language', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('hangup_grace = 1', (served) => ({ place, server } = served));
  const write = (name: string, text: string, mode = 0o755) => {
    const path = place.script(name, text);
    chownSync(path, 1, 1);
    chmodSync(path, mode);
  };
  const use = (name: string) => chownSync(place.use(`foreign/${name}`), 1, 1);
  const call = async (script: string, extra?: Record<string, string>) => {
    const peer = openPeer(server.port, environment(script, extra));
    await peer.closed;
    return peer;
  };
  const aliveWith = (text: string) => spawnSync('pgrep', ['-f', text], { encoding: 'utf8' }).stdout !== '';

  it.each([
    ['a shell script', 'old.sh'],
    ["Perl's Asterisk::AGI", 'old.pl'],
    ['PHP', 'old.php'],
  ])('%s runs as its owner, with its arguments and the environment', async (_what, name) => {
    use(name);
    const peer = await call(name, { agi_arg_1: 'one', agi_arg_2: 'two' });
    expect(peer.commands.map((line) => line.replaceAll('"', ''))).toEqual([
      'SET VARIABLE told one-two PJSIP/100-00000001 1',
      'VERBOSE 200 result=1 1',
      expect.stringMatching(/^GET FULL VARIABLE fastagi-\w+$/),
      'SET VARIABLE FASTAGISTATUS SUCCESS',
    ]);
  });

  it('gets and sends every byte as it is, UTF-8 or not', async () => {
    use('bytes.sh');
    const peer = openPeer(server.port, environment('bytes.sh'), (line) =>
      line.startsWith('VERBOSE') ? '200 result=1 (\xfe\x81\xc3\xa9)\n' : politeAnswer(line),
    );
    await peer.closed;
    expect(peer.bytes()).toContain('VERBOSE "\xff\x80\xc3\xa9" 1\n');
    expect(peer.bytes()).toContain('SET VARIABLE got "200 result=1 (\xfe\x81\xc3\xa9)"\n');
  });

  it('a binary runs too', async () => {
    copyFileSync('/bin/true', join(place.basedir, 'binary'));
    chmodSync(join(place.basedir, 'binary'), 0o755);
    expect(variableSet(await call('binary'), 'FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('what it prints on standard error is in the log, and a failure is told', async () => {
    use('fails.sh');
    const peer = await call('fails.sh');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(/fails\.sh ended with status 3/);
    await until('the log', () => /it hurts\n[^]*and more\n/.test(place.log()));
  });

  it.each([
    ['a reply', 'echo NOOP; sleep 0.1'],
    ['half a line', 'printf "SET VARIABLE x"'],
    ['a command that takes long', 'echo "WAIT FOR DIGIT 300"'],
  ])('what it leaves behind, %s, does not disturb the report', async (_what, last) => {
    use('hasty.sh');
    const peer = openPeer(server.port, environment('hasty.sh', { agi_arg_1: last }), (line, { socket }) => {
      if (!line.startsWith('WAIT')) return line === 'SET VARIABLE x' ? '520 Invalid command syntax.\n' : politeAnswer(line);
      setTimeout(() => socket.write('200 result=0\n'), 300);
      return undefined;
    });
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
  });

  it.each([
    ['names no interpreter', 'echo NOOP', /bare.* cannot be started: .*first line must name its interpreter/],
    [
      'has a byte order mark',
      '\ufeff#!/bin/sh\n',
      /bare cannot be started: a byte order mark stands before its #!; take it out: sed -i .* \/\S+\/bare$/,
    ],
    [
      'comes from Windows',
      '#!/bin/sh\r\necho NOOP\r\n',
      /bare cannot be started: its lines end with CR LF, as under Windows; take the CR out: sed -i 's\/\\r\$\/\/' \/\S+\/bare$/,
    ],
    [
      'names one that is not there',
      '#!/no/such/interpreter\n',
      /bare.* cannot be started: .*whether the interpreter in its first line is there/,
    ],
  ])('that %s is told', async (_what, text, why) => {
    write('bare', text);
    const peer = await call('bare');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(why);
  });

  it('is started once it is mended as the message says', async () => {
    for (const text of ['\ufeff#!/bin/sh\necho NOOP; read reply\n', '#!/bin/sh\r\necho NOOP; read reply\r\n']) {
      write('mended', text);
      const remedy = /sed -i .*$/.exec(variableSet(await call('mended'), 'FASTAGIERROR') ?? '')?.[0] ?? '';
      execFileSync('sh', ['-c', remedy]);
      expect(variableSet(await call('mended'), 'FASTAGISTATUS')).toBe('SUCCESS');
    }
  });

  it('needs the execute bit', async () => {
    write('plain.pl', '#!/usr/bin/perl\n', 0o644);
    const peer = await call('plain.pl');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FORBIDDEN');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(
      /without the execute bit it is no program either; if it is one: chmod \+x \/\S+\/plain\.pl$/,
    );
  });

  it('is refused with foreign=false', async () => {
    use('old.sh');
    const strict = makePlace('foreign = false');
    strict.use('foreign/nothing.sh', 'old.sh');
    const other = await startXinetd(strict);
    try {
      const peer = openPeer(other.port, environment('old.sh'));
      await peer.closed;
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FORBIDDEN');
      expect(variableSet(peer, 'FASTAGIERROR')).toMatch(/foreign is false/);
    } finally {
      await other.stop();
      strict.remove();
    }
  });

  it('gets SIGHUP where the caller hangs up, and may finish', async () => {
    use('hup.sh');
    const peer = openPeer(server.port, environment('hup.sh'), (line) => (line.startsWith('WAIT') ? undefined : politeAnswer(line)));
    await peer.seen(/WAIT/);
    peer.socket.write('HANGUP\n');
    await peer.seen(/hup yes/);
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
  });

  it('is ended where it goes on after the connection closed', async () => {
    use('deaf.sh');
    const peer = openPeer(server.port, environment('deaf.sh'));
    await peer.seen(/started/);
    expect(aliveWith(`${place.basedir}/deaf\\.sh`)).toBe(true);
    peer.socket.destroy();
    await until('its end', () => !aliveWith(`${place.basedir}/deaf\\.sh`));
  });

  it('is listed by fastagi check', () => {
    chownSync(place.use('foreign/nothing.sh', 'listed.sh'), 1, 1);
    const { stdout } = spawnSync(runtime, [program, 'check', '--config', place.config], { encoding: 'utf8' });
    expect(stdout).toMatch(/listed\.sh +daemon:daemon +a program of its own/);
    expect(existsSync(join(place.basedir, 'listed.sh'))).toBe(true);
    expect(readFileSync(join(place.basedir, 'listed.sh'), 'utf8')).toBe('#!/bin/sh\n');
  });
});
