import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classic, startClassic } from '../support/classic';
import { makePlace, program, until, type Place } from '../support/super-server';

describe('classic AGI', () => {
  let place: Place;
  beforeEach(() => void (place = makePlace()));
  afterEach(() => place.remove());

  it('runs a script below basedir with its arguments, and nothing but commands goes out', async () => {
    place.use('classic/a.js');
    const { ended, commands } = startClassic(
      place,
      program,
      ['run', '--config', place.config, 'a.js', 'one', '--debug'],
      classic({ agi_arg_1: 'run' }),
    );
    expect(await ended).toBe(0);
    expect(commands).toEqual(['SET VARIABLE "got" "[\\"one\\",\\"--debug\\"]"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(place.log()).toContain('noise');
  });

  it('takes options before run', async () => {
    place.use('noop.cjs', 'a.js');
    expect(await startClassic(place, program, ['--config', place.config, 'run', 'a'], classic()).ended).toBe(0);
  });

  it('runs by a #! line', async () => {
    const path = place.use('classic/bang.js');
    chmodSync(path, 0o755);
    const bin = join(place.dir, 'bin');
    mkdirSync(bin);
    symlinkSync(program, join(bin, 'fastagi'));
    const { ended, commands } = startClassic(place, path, ['arg'], classic());
    expect(await ended).toBe(0);
    expect(commands[0]).toBe('SET VARIABLE "got" "arg"');
  });

  it.each([
    ['throws', 'module.exports = () => { throw new Error("boom") }', 'FAILURE'],
    ['is broken', 'this is no script', 'FAILURE'],
  ])('ends with 1 when the script %s, so that AGISTATUS is FAILURE', async (_what, text, status) => {
    place.script('bad.js', text);
    const { ended, commands } = startClassic(place, program, ['run', '--config', place.config, 'bad.js'], classic());
    expect(await ended).toBe(1);
    expect(commands).toContain(`SET VARIABLE "FASTAGISTATUS" "${status}"`);
  });

  it('marks its lines for the journal, where standard error is that', async () => {
    writeFileSync(place.config, `[fastagi]\nleast_uid = 1\nlog_calls = false\nbasedir = ${place.basedir}\n`);
    place.use('classic/says.cjs');
    const journal = join(place.dir, 'journal');
    const command = `exec 2>"$1"; JOURNAL_STREAM=$(stat -c %d:%i "$1") exec "$0" run --no-setuid --config "$2" says.cjs`;
    await startClassic(place, 'sh', ['-c', command, program, journal, place.config], classic()).ended;
    const lines = readFileSync(journal, 'utf8').split('\n').map((line) => line.replace(/PJSIP.*says.cjs: /, '')); // prettier-ignore
    expect(lines.slice(0, 3)).toEqual(['<6>hello', '<4>warning: care', '<3>error: FAILURE: Error: boom']);
  });

  it('ends with 1 when there is no script', async () => {
    const { ended, commands } = startClassic(place, program, ['run', '--config', place.config, 'none.js'], classic());
    expect(await ended).toBe(1);
    expect(commands).toContain('SET VARIABLE "FASTAGISTATUS" "NOTFOUND"');
  });

  it('SIGHUP is a hangup, and the script gets to finish', async () => {
    place.use('classic/wait.js');
    const { child, commands, ended } = startClassic(place, program, ['run', '--config', place.config, 'wait.js'], classic());
    await until('the script', () => commands.includes('NOOP "ready"'));
    child.kill('SIGHUP');
    expect(await ended).toBe(0);
    expect(commands).toEqual([
      'NOOP "ready"',
      'SET VARIABLE "thrown" "FASTAGI_HANGUP"',
      expect.stringContaining('"FASTAGISTATUS" "HANGUP"'),
      expect.stringContaining('FASTAGIERROR'),
    ]);
  });

  it('EAGI gives the caller’s audio', async () => {
    place.use('classic/listen.js');
    const { ended, commands } = startClassic(
      place,
      program,
      ['run', '--config', place.config, 'listen.js'],
      classic({ agi_enhanced: '1.0' }),
      Buffer.alloc(64_000),
    );
    expect(await ended).toBe(0);
    expect(commands[0]).toBe('SET VARIABLE "bytes" "64000"');
  });

  it('has no audio without EAGI', async () => {
    place.use('classic/listen-2.js', 'listen.js');
    const { commands, ended } = startClassic(place, program, ['run', '--config', place.config, 'listen.js'], classic());
    await ended;
    expect(commands[0]).toBe('SET VARIABLE "audio" "undefined"');
  });

  it('started by hand says at once what is missing', () => {
    place.use('classic/a-2.js', 'a.js');
    const words = ['run', '--config', place.config, 'a.js'];
    const onTerminal = spawnSync('script', ['-qec', `${program} ${words.join(' ')}`, '/dev/null'], { encoding: 'utf8' });
    expect(onTerminal.stdout.trim()).toBe(
      'fastagi: there is no AGI environment on standard input: Asterisk starts this; to look at settings and scripts try: fastagi check',
    );
    expect(onTerminal.status).toBe(100);
    for (const input of ['ignore', 'pipe'] as const) {
      const { status } = spawnSync(program, words, { stdio: [input, 'pipe', 'pipe'], input: '' });
      expect(status).toBe(100);
    }
  });

  it.each([
    ['lines with carriage returns', classic().replaceAll('\n', '\r\n'), 0],
    ['no empty line at the end', classic().slice(0, -1), 1],
    ['something else', 'hello\n\n', 1],
  ])('an environment by hand: %s', (_what, input, status) => {
    place.use('classic/a-3.js', 'a.js');
    const run = spawnSync(program, ['run', '--config', place.config, 'a.js'], {
      encoding: 'utf8',
      input: input + '200 result=1\n'.repeat(9),
    });
    expect(run.status).toBe(status);
    if (status === 0) expect(place.log()).toContain(': default\n');
  });

  it("the caller's audio ends with the call, though Asterisk keeps its end open", async () => {
    place.use('classic/hears.js');
    const call = startClassic(
      place,
      program,
      ['run', '--config', place.config, 'hears.js'],
      classic({ agi_enhanced: '1.0' }),
      Buffer.alloc(1600),
      true,
    );
    await until('the script', () => call.commands.includes('SET VARIABLE "so far" "1600"'));
    call.child.kill('SIGHUP');
    expect(await call.ended).toBe(0);
    expect(call.commands).toContain('SET VARIABLE "heard" "1600true"');
  });

  it("release closes the pipes, and the SIGHUP that Asterisk then sends is nobody's business", async () => {
    place.use('classic/releases.js');
    const call = startClassic(place, program, ['run', '--config', place.config, 'releases.js'], classic());
    await call.closed;
    expect(call.child.exitCode).toBeNull();
    call.child.kill('SIGHUP');
    expect(await call.ended).toBe(0);
    expect(call.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(place.log()).toMatch(/warning: .*release: Asterisk waits for a program of classic AGI until it ends/);
    expect(place.log()).toContain('went on false');
  });
});
