import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSound, soundsOf } from '../../src/cli/phone/sound-files';
import { describeWith, hasProgram } from '../support/parts';
import { makePlace, program, runtime, type Place } from '../support/super-server';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

describe('what a caller hears', () => {
  it.each([
    ['vm-intro', ['vm-intro']],
    ['digits 10*#', ['digits/1', 'digits/0', 'digits/star', 'digits/pound']],
    ['alpha a1', ['letters/a', 'digits/1']],
    ['phonetic B', ['phonetic/b_p']],
    ['number 0', ['digits/0']],
    ['number 21', ['digits/20', 'digits/1']],
    ['number -1234', ['digits/minus', 'digits/1', 'digits/thousand', 'digits/2', 'digits/hundred', 'digits/30', 'digits/4']],
    ['date 0', ['date 0']],
  ])('%s is %j', (heard, sounds) => expect(soundsOf(heard)).toEqual(sounds));

  it('is found as Asterisk finds it', () => {
    mkdirSync(join(place.dir, 'sounds/en'), { recursive: true });
    for (const [name, size] of [['en/a.gsm', 330], ['b.sln', 1600], ['en/b.ulaw', 800], ['c.wav', 100]] as const) writeFileSync(join(place.dir, 'sounds', name), Buffer.alloc(size)); // prettier-ignore
    const find = (name: string) => findSound(name, join(place.dir, 'sounds'));
    expect(find('a')).toEqual({ path: join(place.dir, 'sounds/en/a.gsm'), options: ['-t', 'gsm'], length: 200 });
    expect(find('b')).toMatchObject({ path: join(place.dir, 'sounds/en/b.ulaw'), length: 100 });
    expect(find('c')).toMatchObject({ options: [], length: undefined });
    expect(find('d')).toBeUndefined();
  });
});

describeWith({ play: hasProgram('play'), soxi: hasProgram('soxi') }, 'fastagi call --sound', () => {
  it('plays each prompt, and no longer than it takes', () => {
    const tone = (name: string, seconds: string): void =>
      void spawnSync('sox', ['-n', '-r', '8000', join(place.dir, name), 'synth', seconds, 'sine', '440']);
    tone('first.wav', '0.3');
    tone('second.gsm', '0.4');
    const script = place.script('plays.mjs', `export default async (fastagi) => {
      await fastagi.streamFile('${place.dir}/first');
      await fastagi.streamFile('${place.dir}/second');
      await fastagi.streamFile('nowhere/at/all');
    };`); // prettier-ignore
    // There is no loudspeaker here: sox itself decodes, into a file.
    const bin = join(place.dir, 'bin');
    mkdirSync(bin);
    writeFileSync(
      join(bin, 'play'),
      `#!/bin/sh\n[ "$1" = --version ] && exit\necho "$@" >> ${place.dir}/played\nexec sox "$@" ${place.dir}/out.wav\n`,
    );
    chmodSync(join(bin, 'play'), 0o755);
    const { stdout, status } = spawnSync(runtime, [program, 'call', script, '--config', place.config, '--sound'], {
      encoding: 'utf8',
      input: '',
      env: { PATH: `${bin}:${process.env['PATH']}` },
    });
    expect(readFileSync(join(place.dir, 'played'), 'utf8')).toBe(`-q ${place.dir}/first.wav\n-q -t gsm ${place.dir}/second.gsm\n`);
    expect(existsSync(join(place.dir, 'out.wav'))).toBe(true);
    expect(stdout).toContain('! there is no sound nowhere/at/all in ');
    expect(stdout).toMatch(/endpos=2400 +\d/);
    expect(status).toBe(0);
  });

  it('says how to get sox', () => {
    const script = place.script('plays.mjs', 'export default () => {};');
    const { stderr, status } = spawnSync(runtime, [program, 'call', script, '--sound'], {
      encoding: 'utf8',
      input: '',
      env: { PATH: '/nowhere' },
    });
    expect({ status, stderr }).toEqual({
      status: 100,
      stderr: 'fastagi: call: --sound plays with sox, which is not here; apt install sox\n',
    });
  });
});
