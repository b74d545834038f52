import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { literalPrompts } from '../../../src/cli/check/prompts';
import { lookAtSounds } from '../../../src/cli/check/sounds';
import { machineParts, ownMachine } from '../../support/own-machine';
import { cache } from '../../support/cache';
import { describeWith } from '../../support/parts';
import { nodeProgram } from '../../support/super-server';

describe('the prompts that stand in a script', () => {
  it.each([
    ["agi.streamFile('a', '#'); agi.controlStreamFile('b', '1')", 'a b'],
    ["await agi.getData(`c`, 5000, 4)\nagi.getOption('d', '12')", 'c d'],
    ["agi.speechRecognize('e', 5)", 'e'],
    ["agi.play(['f', '*spoken', { file: 'g' }, { digits: '12' }, { say: 'x' }], '#')", 'f g'],
    ["agi.playWhile(fetch('https://x.org'), 'h')", 'h'],
    ["agi.ask('i', { digits: 4, invalid: ['j', '*no'], onTimeout: 'k' })", 'i j k'],
    ["agi.menu({ 1: 'l', '2': ['m', { file: 'n' }], 3: '*three' }, 2000, { invalid: 'o' })", 'l m n o'],
    ["agi.menu([['1', 'p'], ['2', ['q', 'r']]])", 'p q r'],
    ["agi.fastpassStreamFile(keys, 's'); agi.fastpassGetData(keys, 't')", 's t'],
    ["agi.fastpassMenu(keys, { 1: 'u' }, 3000, { onTimeout: 'v' })", 'u v'],
    ["agi.exec('Playback', 'w&x,noanswer'); agi.exec('BACKGROUND', ['y&z', 'm'])", 'w x y z'],
    ["agi.streamFile(isDay ? 'day' : 'night'); agi.streamFile(name ?? 'nobody')", 'day night nobody'],
    ["#!/usr/bin/env node\nimport x from 'y';\nexport default async (agi) => { for await (const a of b) agi.streamFile('deep'); }", 'deep'],
    ["module.exports = (agi) => agi.streamFile('common'); return 1;", 'common'],
    [
      "agi.streamFile(name); agi.streamFile(`digits/${n}`); agi.exec('Dial', 'PJSIP/1'); agi.verbose('no'); agi['streamFile']('no'); streamFile('no')",
      '',
    ],
    ["agi.exec(); agi.menu(); agi.ask(); agi.play([, 'hole'], ''); agi.toString('x'); agi.constructor('x')", 'hole'],
  ])('%s', (code, sounds) => {
    expect(literalPrompts(code).map(({ sound }) => sound).join(' ')).toBe(sounds); // prettier-ignore
  });

  it('have their lines', () => {
    expect(literalPrompts("\nagi.menu({\n  1: 'one',\n  2: 'two',\n});")).toEqual([
      { sound: 'one', line: 3 },
      { sound: 'two', line: 4 },
    ]);
  });
});

describe('sounds that are missing', () => {
  /** A directory of scripts and one of sounds. */
  function place(files: Readonly<Record<string, string>>): string {
    const dir = mkdtempSync(join(tmpdir(), 'fastagi-sounds-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    return dir;
  }
  const sounds = {
    'sounds/en/beep.gsm': '',
    'sounds/en/digits/1.wav': '',
    'sounds/de_AT/beep.ulaw': '',
    'sounds/de/digits/1.gsm': '',
    'sounds/custom/ours.wav': '',
    'sounds/recordings/x.wav': '',
  };
  const look = (code: string, name = 'x.js') => {
    const dir = place({ ...sounds, [`agi/${name}`]: code });
    return lookAtSounds([name], join(dir, 'agi'), join(dir, 'sounds')).warnings.map((line) => line.replaceAll(dir, ''));
  };

  it.each([
    ["\nagi.streamFile('digits/7')", ['x.js, line 2: there is no sound digits/7 below /sounds']],
    ["agi.streamFile('beep')", ['x.js, line 1: the sound beep is missing in de below /sounds']],
    ["agi.streamFile('custom/ours')", []],
    ["agi.streamFile('/nowhere/x')", ['x.js, line 1: there is no sound /nowhere/x']],
    ['this is wrong', [expect.stringContaining('x.js: its sounds were not looked at: ') as string]],
  ] as [string, string[]][])('%s', (code, warnings) => {
    expect(look(code)).toEqual(warnings);
  });

  it('are looked for without the region, too', () => {
    // de_AT has it by way of de.
    expect(look("agi.streamFile('digits/1')")).toEqual([]);
  });

  it('are not looked for in programs of other languages', () => {
    expect(look("print 'x'", 'x.pl')).toEqual([]);
  });

  it('are looked for in TypeScript where Node strips types', () => {
    const code = "export default (agi: Agi): void => {\n  agi.streamFile('gone' as string);\n};\n";
    const warnings = look(code, 'x.ts');
    const can = typeof (process.getBuiltinModule('node:module') as { stripTypeScriptTypes?: unknown }).stripTypeScriptTypes === 'function';
    expect(warnings).toEqual([
      can
        ? 'x.ts, line 2: there is no sound gone below /sounds'
        : `x.ts: its sounds were not looked at: Node ${process.version} does not read TypeScript`,
    ]);
  });

  it('cannot be looked for on another machine', () => {
    expect(lookAtSounds(['x.js'], '/nowhere', '/nowhere/sounds').warnings).toEqual([
      'there is no directory /nowhere/sounds with sounds: if Asterisk is on another machine, look there',
    ]);
  });
});

describeWith(machineParts, 'fastagi check --sounds', () => {
  it('looks where asterisk.conf says', async () => {
    const machine = await ownMachine('mkdir -p /etc/asterisk /var/sounds/en /var/lib/asterisk/agi-bin; echo "[directories]\nastdatadir => /var" > /etc/asterisk/asterisk.conf; touch /var/sounds/en/beep.gsm'); // prettier-ignore
    try {
      machine.run(`echo "module.exports = (agi) => agi.play(['beep', 'bep'])" > /var/lib/asterisk/agi-bin/x.js`);
      expect(machine.run('fastagi check').stdout).not.toContain('bep');
      expect(machine.run('fastagi check --sounds').stdout).toContain('warning: x.js, line 1: there is no sound bep below /var/sounds\n');
      machine.run(`echo "export default (agi: any) => agi.play('bep')" > /var/lib/asterisk/agi-bin/y.mts`);
      const { stdout, stderr } = machine.run(`${join(cache, 'node-24/bin/node')} ${nodeProgram} check --sounds`);
      expect(stdout).toContain('warning: y.mts, line 1: there is no sound bep below /var/sounds\n');
      expect(stderr).toBe('');
    } finally {
      await machine.stop();
    }
  });
});
