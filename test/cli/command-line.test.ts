import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasProgram, isRoot } from '../support/parts';
import { makePlace, program } from '../support/super-server';

const fastagi = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input: '' });
  return { status, stdout, stderr };
};

describe('the command line', () => {
  it('helps', () => {
    const { status, stdout } = fastagi('--help');
    expect(status).toBe(0);
    for (const word of ['run <script>', 'check', 'install', '--config', '--basedir', '--setuid', '--debug', 'Exit status'])
      expect(stdout).toContain(word);
  });

  it.each([
    ['--nonsense', '--nonsense is no option', ''],
    ['--confg x', '--confg is no option; did you mean --config?', ''],
    ['nonsense', 'nonsense is no command', ''],
    ['instal', 'instal is no command; did you mean install?', ''],
    ['--config', '--config needs a value', ''],
    ['run', 'run needs <script> [args..]', 'run '],
    ['check --nonsense', '--nonsense is no option of check', 'check '],
    ['check x', 'check takes no argument x', 'check '],
    ['install --dryrun', '--dryrun is no option of install; did you mean --dry-run?', 'install '],
    ['install --config x', '--config is no option of install', 'install '],
    ['install --for me', '--for me: it is one of xinetd, inetd, systemd', 'install '],
  ])('%s: an error, the remedy, and 100', (line, why, command) => {
    expect(fastagi(...line.split(' '))).toEqual({ status: 100, stdout: '', stderr: `fastagi: ${why}\nTry: fastagi ${command}--help\n` });
  });

  it.runIf(hasProgram('script'))('helps in the width of the terminal', () => {
    const linesAt = (columns: number): number[] => {
      const { stdout } = spawnSync('script', ['-qec', `stty cols ${columns}; ${program} --help`, '/dev/null'], {
        encoding: 'utf8',
        input: '',
      });
      return stdout.split(/\r?\n/).filter((line) => line.includes('   ')).map((line) => line.length); // prettier-ignore
    };
    expect(Math.max(...linesAt(70))).toBeLessThanOrEqual(70);
    expect(Math.max(...linesAt(130))).toBeGreaterThan(100);
  });

  it('helps with each command: an example, and the page that says more', () => {
    for (const name of ['run', 'check', 'install', 'uninstall', 'prepare']) {
      const { status, stdout } = fastagi(name, '--help');
      expect(status).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: fastagi ${name}`));
      expect(stdout).toMatch(new RegExp(`^Examples:\n  fastagi ${name}`, 'm'));
      expect(stdout).toMatch(/^More: .*\/docs\/.*\.md$/m);
    }
  });
});

describe('fastagi check', () => {
  it('prints settings, what is wrong, and each script, without running it', () => {
    const place = makePlace('environment_timout = 5\n[asmanager]\nsecret = hunter2\n[phpagy]\n');
    try {
      place.script('good.js', 'export default async () => { throw new Error("ran") }');
      place.script('syntax.js', 'export default async () => { this is wrong }');
      place.script('import.js', 'import "no-such-package"; export default () => 0');
      place.script('no-function.js', 'exports.x = 1');
      place.script('exits.js', 'process.exit(0)');
      place.script('text.txt', 'no script');
      if (isRoot) chownSync(place.script('theirs.js', 'module.exports = () => 0'), 1, 1);
      const { status, stdout } = fastagi('check', '--config', place.config);
      expect(status).toBe(100);
      expect(stdout).toContain(`Configuration: ${place.config}`);
      expect(stdout).toMatch(/^secret +\*\*\*\* {2}\(line 8\)$/m);
      expect(stdout).not.toContain('hunter2');
      expect(stdout).toContain('[fastagi] environment_timout is unknown; did you mean environment_timeout?');
      expect(stdout).toContain('[phpagy] is unknown; did you mean [phpagi]?');
      expect(stdout).toMatch(/good\.js .* loads/);
      expect(stdout).toMatch(/syntax\.js .*SyntaxError/);
      expect(stdout).toMatch(/import\.js .*no-such-package/);
      expect(stdout).toMatch(/no-function\.js .*exports no function by default/);
      expect(stdout).toMatch(/exits\.js .*ends the process while it is loaded/);
      expect(stdout).not.toContain('text.txt');
      if (isRoot) expect(stdout).toMatch(/theirs\.js +daemon:daemon +loads/);
    } finally {
      place.remove();
    }
  });

  it('ends with 0 where all is in order', () => {
    const place = makePlace(`[phpagi]\ntempdir = /tmp`);
    try {
      place.script('good.js', 'export default async () => 0');
      const { status, stdout } = fastagi('check', '--config', place.config);
      expect(stdout).toContain(isRoot ? 'All is in order: the settings, and 1 script.' : 'not started as root');
      expect(status).toBe(0);
    } finally {
      place.remove();
    }
  });

  it.each([
    ['a configuration that is not there', (config: string) => config + '.gone', /cannot be read: ENOENT.*correct --config/],
    ['a malformed one', (config: string) => (writeFileSync(config, '[fastagi]\nnonsense\n'), config), /line 2/],
    [
      'a basedir that is not there',
      (config: string) => (writeFileSync(config, '[fastagi]\nbasedir=/no/such\n'), config),
      /mkdir -p \/no\/such/,
    ],
    [
      'a log that cannot be written',
      (config: string) => (writeFileSync(config, '[fastagi]\nbasedir=/tmp/\nlog=/no/such/log\n'), chmodSync(config, 0o644), config),
      /\[fastagi\] log/,
    ],
  ])('%s: an error that names it, and 100', (_what, prepare, line) => {
    const place = makePlace();
    try {
      const { status, stdout } = fastagi(
        'check',
        '--config',
        prepare(place.config),
        ...(_what.includes('log') ? ['--basedir', place.basedir] : []),
      );
      expect(status).toBe(100);
      expect(stdout).toMatch(line);
    } finally {
      place.remove();
    }
  });
});
