import { cpSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRoot } from '../support/parts';
import { heldCall } from '../support/opened-workers';
import { environment, openPeer, politeAnswer, variableSet, type Answer, type Peer } from '../support/peer';
import { isBun, project, scriptOwner, until, type Place } from '../support/super-server';
import { makeWorkersPlace, startListen, type Listening } from '../support/workers';

let place: Place;
let server: Listening;
const open = async (settings: string): Promise<void> => {
  place = makeWorkersPlace(settings);
  const scripts = join(project, 'test/serve/process/scripts');
  for (const name of readdirSync(scripts)) {
    cpSync(join(scripts, name), join(place.basedir, name));
    if (isRoot) chownSync(join(place.basedir, name), scriptOwner, scriptOwner);
  }
  server = await startListen(place);
};
afterEach(async () => {
  await server.stop();
  place.remove();
});

const call = (script: string, channel: string, answer: Answer = politeAnswer): Peer =>
  openPeer(server.port, environment(script, { agi_channel: channel }), answer);

/** A call that waits for a key until `goOn`. */
async function waitingCall(channel = 'PJSIP/good'): Promise<{ peer: Peer; goOn: () => void }> {
  const peer = await heldCall(server, undefined, { agi_channel: channel }, 'waits.js');
  return { peer, goOn: () => peer.socket.write('200 result=49\n') };
}

describe('calls in one worker', () => {
  beforeEach(() => open('workers = 1'));

  it.each([
    ['throws.js', 'FAILURE', /Error: thrown/],
    ['rejects.js', 'FAILURE', /Error: rejected/],
    ['throws-later.js', 'FAILURE', /Error: thrown later/],
    ['throws-in-handler.js', 'FAILURE', /Error: thrown in a handler/],
    ['exits.js', 'FAILURE', /process\.exit\(7\)/],
    ['exits-while-loading.js', 'FAILURE', /process\.exit\(7\)/],
    ['exits-later.js', 'FAILURE', /process\.exit\(7\)/],
    ['floods.js', 'SUCCESS', undefined],
    ['hears-garbage.js', 'FAILURE', /is no reply/],
  ])('%s ends its own call only', async (script, status, reason) => {
    const before = server.workers();
    const { peer: other, goOn } = await waitingCall();
    const bad = call(script, 'PJSIP/bad', (command) =>
      command.startsWith('RECEIVE TEXT') ? 'HTTP/1.1 400 Bad Request\n' : politeAnswer(command),
    );
    await bad.closed;
    expect(variableSet(bad, 'FASTAGISTATUS')).toBe(status);
    if (reason) expect(variableSet(bad, 'FASTAGIERROR')).toMatch(reason);
    goOn();
    await other.closed;
    expect(variableSet(other, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(server.workers()).toEqual(before);
    const lines = place
      .log()
      .split('\n')
      .filter((line) => line.includes('PJSIP/'));
    for (const line of lines) expect(line).toMatch(/PJSIP\/(?:bad|good) /);
  });

  it('one that dies takes its own calls with it, which the log names, and is replaced', async () => {
    const [pid] = server.workers();
    const { peer } = await waitingCall('PJSIP/lost');
    process.kill(pid ?? 0, 'SIGKILL');
    await peer.closed;
    await until('another worker', () => server.workers().length === 1 && server.workers()[0] !== pid);
    expect(place.log()).toContain(`worker ${pid} ended with SIGKILL, and with it 1 call`);
    expect(place.log()).toContain('PJSIP/lost waits.js: the call was lost with its worker');
    const next = call('floods.js', 'PJSIP/next');
    await next.closed;
    expect(variableSet(next, 'FASTAGISTATUS')).toBe('SUCCESS');
  });
});

describe('a worker that never pauses', () => {
  it('is found from outside, named with its call and its place, and replaced, while the others go on', async () => {
    await open('workers = 2\nworker_stall = 2\nslow_call = 1');
    place.script(
      'spins.mjs',
      'export default async (fastagi) => { await fastagi.answer(); spinAround(); };\nfunction spinAround() { for (;;); }\n',
    );
    const bad = call('spins.mjs', 'PJSIP/bad');
    await bad.closed;
    // Under Bun nobody can look where it is.
    expect(place.log()).toMatch(isBun ? /warning: worker \d+: computes for more than 1 s/ : /warning: PJSIP\/bad spins\.mjs: computes for more than 1 s without a pause/); // prettier-ignore
    if (!isBun) expect(place.log()).toMatch(/at spinAround \(.*spins\.mjs:2:\d+\)/);
    expect(place.log()).toMatch(/worker \d+ has not gone on for 2 s, and is ended \(worker_stall\)/);
    await until('the log', () => place.log().includes('PJSIP/bad spins.mjs: the call was lost with its worker'));
    await until('another worker', () => server.workers().length === 2);
    const next = call('floods.js', 'PJSIP/next');
    await next.closed;
    expect(variableSet(next, 'FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('is told from one that waits for a program without a pause', async () => {
    await open('workers = 1\nslow_call = 1');
    place.script('sleeps.mjs', "import { execSync } from 'node:child_process';\nexport default async () => { execSync('sleep 2.5'); };\n");
    const slow = call('sleeps.mjs', 'PJSIP/slow');
    await slow.closed;
    expect(variableSet(slow, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(place.log()).toMatch(isBun ? /computes for more than 1 s without a pause.* wait\n/ : /computes for more than 1 s without a pause.*; it waits for the system, as in execSync/); // prettier-ignore
  });

  it('is told from a machine that stood still', async () => {
    await open('workers = 1\nworker_stall = 1\nslow_call = 1');
    const [worker = 0] = server.workers();
    const master = server.child.pid ?? 0;
    const { peer, goOn } = await waitingCall();
    for (const pid of [worker, master]) process.kill(pid, 'SIGSTOP');
    const stopped = performance.now();
    await until('it has stood still for long enough', () => performance.now() - stopped > 2000);
    // The master looks before the worker can say that it goes on.
    for (const pid of [master, worker]) process.kill(pid, 'SIGCONT');
    goOn();
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(server.workers()).toEqual([worker]);
    expect(place.log()).not.toContain('computes');
  });
});
