import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet, type Answer } from '../support/peer';
import { isRunning } from '../support/processes';
import { serveForAll } from '../support/served';
import { until, type Place, type SuperServer } from '../support/super-server';

const dead = '511 Command Not Permitted on a dead channel or intercept routine\n';

/** Asterisk behind a hangup: what a dead channel takes is answered, all else refused. The connection stays open. */
const afterHangup: Answer = (line) => (/^(SET VARIABLE|DATABASE|NOOP|VERBOSE|GET)/.test(line) ? politeAnswer(line) : dead);

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'every call ends', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('hangup_grace = 1', (served) => ({ place, server } = served));
  afterAll(() => until('all processes to end', () => server.output().split('EXIT: ').length >= server.output().split('START: ').length));

  const call = (name: string, answer: Answer = politeAnswer, ...args: string[]) => {
    place.use(`every-call-ends/${name}`);
    return openPeer(server.port, environment(name, Object.fromEntries(args.map((arg, index) => [`agi_arg_${index + 1}`, arg]))), answer);
  };
  const pid = async (name: string) =>
    Number(
      await until(`the pid of ${name}`, () => existsSync(join(place.out, name)) && readFileSync(join(place.out, name), 'utf8').trim()),
    );
  const isGone = (process: number) => !isRunning(process);

  it.each([
    ['the notice', 'noop()', '200 result=0\nHANGUP\n'],
    ['a 511', 'answer()', dead],
    ['a reply that says hangup', 'recordFile("x", "gsm", "#", 1000)', '200 result=-1 (hangup) endpos=800\n'],
  ])('a script that never ends, though the connection stays open: the grace counts from %s', async (_what, command, reply) => {
    let first = true;
    const peer = call(
      'never.js',
      (line) => {
        if (!first) return afterHangup(line, peer);
        first = false;
        return reply;
      },
      `agi.${command}`,
    );
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    expect(place.log()).toContain('had not ended 1 s after the caller hung up');
  });

  it('a loop that catches errors neither starves the event loop nor floods the log, and the grace ends it', async () => {
    const peer = call('spins.js', (line) => (line.startsWith('STREAM') ? '200 result=-1 endpos=0\nHANGUP\n' : afterHangup(line, peer)));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    const rounds = place.log().match(/again \d+ \d+/g) ?? [];
    expect(rounds.length).toBeGreaterThan(10);
    expect(rounds.length).toBeLessThan(40);
    expect(Number(rounds.at(-1)?.split(' ')[2])).toBeGreaterThan(2);
    expect(peer.commands.filter((line) => line.startsWith('STREAM'))).toHaveLength(1);
  });

  it.each([
    'verbose("a", 1.5)',
    'setVariable("a", "\\n")',
    'evaluate("a\\nb")',
    'getVariable("${a}")',
    'gosub("c", "s", 1, ",")',
    'menu({ x: "y" })',
  ])('a loop around a mistake is ended as well: %s', async (command) => {
    const peer = call('mistake.js', (line) => (line === 'NOOP' ? '200 result=0\nHANGUP\n' : afterHangup(line, peer)), `agi.${command}`);
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
  });

  it('the reason "hangup" of a recording counts at once, notice or not', async () => {
    const peer = call('records.js', (line) => (line.startsWith('RECORD') ? '200 result=-1 (hangup) endpos=800\n' : politeAnswer(line)));
    await peer.closed;
    expect(variableSet(peer, 'seen')).toBe('hanguptruetrue');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
  });

  it('RECEIVE CHAR says hangup on every channel without text, which is none', async () => {
    const peer = call('char.js', (line) => (line.startsWith('RECEIVE') ? '200 result=-1 (hangup)\n' : politeAnswer(line)));
    await peer.closed;
    expect(variableSet(peer, 'seen')).toBe('FASTAGI_COMMAND_FAILEDfalse');
  });

  it('a forgotten await is a warning that names the command; where that one fails, a FAILURE', async () => {
    const slow: Answer = (line, { socket }) => {
      if (!line.startsWith('EXEC')) return politeAnswer(line);
      setTimeout(() => socket.write(line.includes('"Bad"') ? '200 result=-2\n' : '200 result=0\n'), 100);
      return undefined;
    };
    const good = call('forgets.js', slow);
    await good.closed;
    expect(good.commands).toEqual(['EXEC "Good" ""', 'NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(place.log()).toContain('forgets.js: the script returned while EXEC, NOOP were under way; write await before it');
    const bad = call('forgets-failure.js', slow);
    await bad.closed;
    expect(variableSet(bad, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(bad, 'FASTAGIERROR')).toMatch(/^EXEC "Bad": there is no such application/);
  });

  it('release: the dialplan goes on, and the script too, without commands', async () => {
    const peer = call('releases.js');
    await peer.closed;
    expect(peer.commands).toEqual(['NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(place.log()).not.toContain('uploaded');
    await until('the rest of the script', () => place.log().includes('uploaded FASTAGI_RELEASEDfalsefalse'));
  });

  it('release is bounded by the grace, and an error behind it is in the log', async () => {
    const peer = call('lingers.js');
    await peer.closed;
    await until('the log', () => /lingers.js: the script had not ended 1 s after it had released the call/.test(place.log()));
    const failing = call('late.js');
    await failing.closed;
    expect(variableSet(failing, 'FASTAGISTATUS')).toBe('SUCCESS');
    await until('the log', () => /late.js: FAILURE: Error: upload failed/.test(place.log()));
    expect(failing.commands).toHaveLength(1);
  });

  it('a child that holds the connection does not keep it open', async () => {
    const begun = Date.now();
    const peer = call('child.js');
    await peer.closed;
    expect(Date.now() - begun).toBeLessThan(20_000);
    process.kill(await pid('held'), 'SIGKILL');
  });

  it("a program's own end decides, whoever holds its output; all that it wrote arrives", async () => {
    const begun = Date.now();
    const peer = call('leaves.sh');
    await peer.closed;
    expect(Date.now() - begun).toBeLessThan(20_000);
    expect(peer.commands[0]).toBe('VERBOSE "last words" 1');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    process.kill(await pid('left'), 'SIGKILL');
  });

  it('a program that closes its output lets the dialplan go on, and is bounded by the grace', async () => {
    const peer = call('detaches.sh');
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    await until('its end', isGone.bind(undefined, await pid('detached')));
  });

  it('a program that goes on after the hangup is ended with all that it runs, though the connection stays open', async () => {
    const peer = call('stays.sh', (line) => (line === 'NOOP' ? '200 result=0\nHANGUP\n' : afterHangup(line, peer)));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    await until('its end', isGone.bind(undefined, await pid('stays')));
    await until('the end of its sleep', () => !hasSleep(600));
  });
});

/** Whether some process sleeps for so many seconds. */
function hasSleep(seconds: number): boolean {
  const { status } = spawnSync('pgrep', ['-fx', `sleep ${seconds}`]);
  return status === 0;
}
