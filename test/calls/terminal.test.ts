import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { classic } from '../support/classic';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { makePlace, program, type Place } from '../support/super-server';

const alice = 61_001;
describeWith(
  { root: isRoot, script: hasProgram('script'), perl: hasProgram('perl'), setpriv: hasProgram('setpriv') },
  "root's terminal",
  () => {
    let place: Place;
    beforeEach(() => {
      place = makePlace();
      chownSync(place.use('terminal/types.cjs'), alice, alice);
    });
    afterEach(() => place.remove());

    /** Runs a command with a terminal of its own. */
    const onTerminal = (command: string) => spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8', timeout: 20_000 });
    const loaded = () => readFileSync(join(place.out, 'loaded'), 'utf8');

    it('is not in reach of scripts that check loads', () => {
      const { stdout } = onTerminal(`${program} check --config ${place.config}`);
      expect(stdout).toMatch(/types\.cjs +61001:nogroup +loads/);
      expect(loaded()).toBe(`${alice} 3`);
    });

    it.each([
      ['the owner has none', '', `${alice} 3`],
      ['root, who stays root, has it', '--no-setuid', '0 0'],
    ])('in fastagi run: %s', (_who, option, expected) => {
      writeFileSync(join(place.dir, 'asterisk.mjs'), playing);
      writeFileSync(join(place.dir, 'environment'), classic());
      const { stdout, status } = onTerminal(
        `${process.execPath} ${place.dir}/asterisk.mjs ${program} ${place.config} ${place.dir} ${option}`,
      );
      expect(existsSync(join(place.dir, 'commands')), stdout).toBe(true);
      expect(readFileSync(join(place.dir, 'commands'), 'utf8')).toContain(`SET VARIABLE "typed" "${expected} PJSIP/100-00000001"`);
      expect(status).toBe(0);
    });
  },
);

/** Plays Asterisk for `fastagi run`. */
const playing = `
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
const [program, config, dir, ...options] = process.argv.slice(2);
const child = spawn(program, ['--config', config, ...options, 'run', 'types.cjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
let said = '';
child.stdout.on('data', (bytes) => {
  said += bytes;
  for (const _ of String(bytes).matchAll(/\\n/g)) child.stdin.write('200 result=1\\n');
});
child.stdin.on('error', () => undefined).write(readFileSync(dir + '/environment'));
child.on('close', (status) => {
  writeFileSync(dir + '/commands', said);
  process.exit(status);
});`;
