import { execFileSync } from 'node:child_process';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { serveForAll } from '../support/served';
import { makePlace, program, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

const hasPerlModule = () => spawnSync('perl', ['-MAsterisk::AGI', '-e', '1']).status === 0;
const parts = { xinetd: hasProgram('xinetd'), root: isRoot, php: hasProgram('php'), "Perl's Asterisk::AGI": hasPerlModule() };

const readEnvironment = 'while read -r line && [ -n "$line" ]; do case $line in agi_channel:*) channel=${line#* };; esac; done\n';

describeWith(parts, 'a program in another language', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('hangup_grace = 1', (served) => ({ place, server } = served));
  const write = (name: string, text: string, mode = 0o755) => {
    const path = place.script(name, text);
    chownSync(path, 1, 1);
    chmodSync(path, mode);
  };
  const call = async (script: string, extra?: Record<string, string>) => {
    const peer = openPeer(server.port, environment(script, extra));
    await peer.closed;
    return peer;
  };
  const aliveWith = (text: string) => spawnSync('pgrep', ['-f', text], { encoding: 'utf8' }).stdout !== '';

  it.each([
    [
      'a shell script',
      'old.sh',
      `#!/bin/sh\n${readEnvironment}echo "SET VARIABLE told \\"$1-$2 $channel $(id -u)\\""; read -r reply; echo "VERBOSE \\"$reply\\" 1"; read -r reply`,
    ],
    [
      "Perl's Asterisk::AGI",
      'old.pl',
      '#!/usr/bin/perl\nuse Asterisk::AGI; my $agi = Asterisk::AGI->new; my %in = $agi->ReadParse;\n$agi->set_variable("told", "$ARGV[0]-$ARGV[1] $in{channel} $<"); $agi->verbose("200 result=1", 1);',
    ],
    [
      'PHP',
      'old.php',
      '#!/usr/bin/env php\n<?php $in = []; while (($line = trim(fgets(STDIN))) !== "") { [$name, $value] = explode(": ", "$line ", 2); $in[$name] = trim($value); }\n' +
        'function ask($line) { echo "$line\\n"; return trim(fgets(STDIN)); }\n$reply = ask("SET VARIABLE told \\"$argv[1]-$argv[2] $in[agi_channel] " . getmyuid() . "\\""); ask("VERBOSE \\"$reply\\" 1");',
    ],
  ])('%s runs as its owner, with its arguments and the environment', async (_what, name, text) => {
    write(name, text);
    const peer = await call(name, { agi_arg_1: 'one', agi_arg_2: 'two' });
    expect(peer.commands.map((line) => line.replaceAll('"', ''))).toEqual([
      'SET VARIABLE told one-two PJSIP/100-00000001 1',
      'VERBOSE 200 result=1 1',
      expect.stringMatching(/^GET FULL VARIABLE fastagi-\w+$/),
      'SET VARIABLE FASTAGISTATUS SUCCESS',
    ]);
  });

  it('gets and sends every byte as it is, UTF-8 or not', async () => {
    write(
      'bytes.sh',
      `#!/bin/sh\n${readEnvironment}printf 'VERBOSE "\\377\\200\\303\\251" 1\\n'; read -r reply; printf 'SET VARIABLE got "%s"\\n' "$reply"; read -r reply`,
    );
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
    write('fails.sh', `#!/bin/sh\n${readEnvironment}echo "it hurts" >&2; printf "and more" >&2; exit 3`);
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
    write('hasty.sh', `#!/bin/sh\n${readEnvironment}${last}`);
    const peer = openPeer(server.port, environment('hasty.sh'), (line, { socket }) => {
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
    write('old.sh', '#!/bin/sh\n');
    const strict = makePlace('foreign = false');
    const path = strict.script('old.sh', '#!/bin/sh\n');
    chmodSync(path, 0o755);
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
    write(
      'hup.sh',
      `#!/bin/sh\ntrap 'echo "SET VARIABLE hup yes"; read -r reply; exit 0' HUP\n${readEnvironment}echo "WAIT FOR DIGIT -1"; while :; do sleep 0.05; done`,
    );
    const peer = openPeer(server.port, environment('hup.sh'), (line) => (line.startsWith('WAIT') ? undefined : politeAnswer(line)));
    await peer.seen(/WAIT/);
    peer.socket.write('HANGUP\n');
    await peer.seen(/hup yes/);
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
  });

  it('is ended where it goes on after the connection closed', async () => {
    write('deaf.sh', `#!/bin/sh\ntrap '' HUP\n${readEnvironment}echo "VERBOSE started 1"; while :; do sleep 0.05; done`);
    const peer = openPeer(server.port, environment('deaf.sh'));
    await peer.seen(/started/);
    expect(aliveWith('deaf\\.sh')).toBe(true);
    peer.socket.destroy();
    await until('its end', () => !aliveWith('deaf\\.sh'));
  });

  it('is listed by fastagi check', () => {
    write('listed.sh', '#!/bin/sh\n');
    const { stdout } = spawnSync(process.execPath, [program, 'check', '--config', place.config], { encoding: 'utf8' });
    expect(stdout).toMatch(/listed\.sh +daemon:daemon +a program of its own/);
    expect(existsSync(join(place.basedir, 'listed.sh'))).toBe(true);
    expect(readFileSync(join(place.basedir, 'listed.sh'), 'utf8')).toBe('#!/bin/sh\n');
  });
});
