import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/ports.mjs';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { makePlace, program, runtime, startXinetd, until, type Place } from '../support/super-server';

const menu = `export default async (fastagi) => {
  await fastagi.answer();
  const key = await fastagi.menu({ 1: 'for-sales', 2: 'for-service' });
  await fastagi.setVariable('CHOSEN', [key, fastagi.request.agi_callerid, ...fastagi.args, await fastagi.getVariable('LIMIT'), fastagi.query.get('q')].join(' '));
  if (key === undefined) await fastagi.exec('Wait', 3);
  await fastagi.streamFile('thanks');
};
`;

let place: Place;
beforeEach(() => {
  place = makePlace();
  place.script('menu.mjs', menu);
});
afterEach(() => place.remove());

function call(target: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    runtime,
    [program, 'call', target, '--config', place.config, ...args],
    { encoding: 'utf8', input: '' }, // prettier-ignore
  );
  return { status, stdout, stderr };
}

describe('fastagi call', () => {
  const file = (): string => join(place.basedir, 'menu.mjs');

  it('calls a file, and shows the conversation', () => {
    const { status, stdout } = call(file(), '--keys', '2', '--callerid', '"Ann" <100>', '--arg', 'one', '--var', 'LIMIT=3', '--expect', 'CHOSEN=2 100 one 3 '); // prettier-ignore
    expect(stdout).toMatch(/^Asterisk {30,}s {4}script\n {40,}0\.\d <- ANSWER\n200 result=0 +0\.\d ->\n/);
    expect(stdout).toMatch(/\nthe caller presses 2 +\d\.\d\n200 result=50 endpos=\d+ +\d\.\d ->\n/);
    expect(stdout).toContain('\n  CHOSEN = 2 100 one 3 \n');
    expect(stdout).toContain('\n  FASTAGISTATUS = SUCCESS\n');
    expect(stdout).not.toContain('✗');
    expect(status).toBe(0);
  });

  it.each([
    [['--keys', '2', '--expect', 'CHOSEN=1'], '✗ CHOSEN is "2 unknown  ", not "1"'],
    [['--keys', '2', '--expect', 'OTHER=1'], '✗ OTHER is not set, not "1"'],
    [['--keys', '25'], '✗ the caller was to press 5, and no command listened for 5'],
    [['--hangup-after', 'RECORD FILE'], '✗ the caller was to hang up at RECORD FILE, which never came'],
    [['--max-silence', '2'], '✗ the caller heard nothing for 3.0 s, longer than 2 s'],
  ])('says what is otherwise than it should be: %j', (args, line) => {
    const { status, stdout } = call(file(), ...args);
    expect(stdout.trimEnd().split('\n')).toContain(line);
    expect(status).toBe(1);
  });

  it('marks a long silence when it is over', () => {
    expect(call(file(), '--hangup-after', 'STREAM FILE "thanks"').stdout).toMatch(
      /<- STREAM FILE "thanks" ""\nthe caller \.\.\. hears nothing for 3\.0 s +\d+\.\d\n/,
    );
  });

  it('records a call, replays it at once, and replays all later', () => {
    const tapes = join(place.dir, 'tapes');
    const { stdout } = call(file(), '--keys', '2', '--record', tapes, '--no-setuid');
    expect(stdout).toMatch(/\nRecorded: \S+\.cassette \(a replay goes the same way\)\n$/);
    call(file(), '--keys', '1', '--record', tapes, '--no-setuid');
    const replay = (...args: string[]) => spawnSync(runtime, [program, 'replay', tapes, ...args], { encoding: 'utf8' });
    expect(replay()).toMatchObject({ status: 0, stdout: expect.stringMatching(/\n2 as recorded, 0 otherwise\n$/) as string });
    const other = place.script('other.mjs', menu.replace("'thanks'", "'goodbye'"));
    const { status, stdout: said } = replay('--script', other);
    expect(said).toMatch(
      /✗ \S+: \(\S+other\.mjs has changed since, or is another script\) the script behaves otherwise from line \d+ on\n/,
    );
    expect(said).toContain('  recorded: > STREAM FILE "thanks" ""\n  now:      > STREAM FILE "goodbye" ""\n');
    expect(said).toMatch(/\n0 as recorded, 2 otherwise\n$/);
    expect(status).toBe(1);
  });

  it('says if a script depends on what is not on the wire', () => {
    const counts = join(place.out, 'count');
    const path = place.script('counts.mjs', `import { appendFileSync, statSync } from 'node:fs';
      export default (agi) => { appendFileSync('${counts}', 'x'); return agi.setVariable('N', statSync('${counts}').size); }`); // prettier-ignore
    expect(call(path, '--record', join(place.dir, 'tapes'), '--no-setuid').stdout).toContain(
      'depends on something that is not on the wire',
    );
  });

  it.each([
    ['nothing/there', 'replay: nothing/there is not there'],
    ['.', 'replay: there is no recording, *.cassette, in .'],
  ])('replays no %s', (path, message) => {
    const { status, stderr } = spawnSync(runtime, [program, 'replay', path], { encoding: 'utf8', cwd: place.out });
    expect({ status, stderr }).toEqual({ status: 100, stderr: expect.stringContaining(message) as string });
  });

  it('hangs up where it is told to, which is no failure', () => {
    const { status, stdout } = call(file(), '--hangup-after', 'STREAM FILE');
    expect(stdout).toContain('the caller hangs up');
    expect(stdout).toContain('FASTAGISTATUS = HANGUP');
    expect(status).toBe(0);
  });

  it('fails with a script that fails', () => {
    place.script('broken.mjs', 'export default async () => { throw new Error("broken"); };\n');
    expect(call(join(place.basedir, 'broken.mjs'))).toMatchObject({ status: 1, stdout: expect.stringContaining('FASTAGIERROR = Error: broken') as string }); // prettier-ignore
  });

  it('names what it cannot call', async () => {
    const port = await freePort();
    expect(call(`agi://127.0.0.1:${port}/menu`)).toMatchObject({
      status: 111,
      stderr: expect.stringMatching(/^fastagi: call: agi:\/\/127\.0\.0\.1:\d+\/\S+ cannot be reached: connect ECONNREFUSED .*; what listens there: fastagi doctor --only listening\n$/) as string, // prettier-ignore
    });
    expect(call('agi://127.0.0.1').stderr).toContain('names no script: write agi://HOST[:PORT]/SCRIPT');
    expect(call('/nothing').stderr).toContain("/nothing is neither a script's file nor an address such as agi://127.0.0.1/menu");
    expect(call(file(), '--expect', 'nothing')).toMatchObject({
      status: 100,
      stderr: 'fastagi: call: --expect nothing: write NAME=value\n',
    });
  });
});

describeWith({ xinetd: hasProgram('xinetd') }, 'fastagi call', () => {
  it('calls a service, with a query', async () => {
    const server = await startXinetd(place);
    const { status, stdout } = call(`agi://127.0.0.1:${server.port}/menu?q=7`, '--keys', '1', '--expect', 'CHOSEN=1 unknown  7');
    await server.stop();
    expect(stdout).toContain('CHOSEN = 1 unknown  7');
    expect(status).toBe(0);
  });
});

describeWith({ script: hasProgram('script') }, 'fastagi call in a terminal', () => {
  it('takes digits for keys, and h for a hangup', async () => {
    writeFileSync(join(place.basedir, 'keys.mjs'), `export default async (fastagi) => {
  for (;;) await fastagi.verbose('key ' + (await fastagi.waitForDigit(-1)));
};\n`); // prettier-ignore
    if (isRoot) chownSync(join(place.basedir, 'keys.mjs'), 1, 1);
    const line = `${runtime} ${program} call ${join(place.basedir, 'keys.mjs')} --config ${place.config}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], { env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' } });
    let seen = '';
    child.stdout.on('data', (bytes: Buffer) => (seen += bytes.toString()));
    const types = async (key: string, shown: string): Promise<void> => {
      child.stdin.write(key);
      await until(shown, () => seen.includes(shown));
    };
    await until('the call', () => seen.includes('WAIT FOR DIGIT -1'));
    await types('5', 'VERBOSE "key 5" 1');
    await types('#', 'VERBOSE "key #" 1');
    await types('x', '');
    child.stdin.write('h');
    const [status] = (await once(child, 'exit')) as [number];
    expect(seen).toMatch(/the caller presses 5[^]*the caller presses #[^]*the caller hangs up[^]*FASTAGISTATUS = HANGUP/);
    expect(status).toBe(0);
  });
});
