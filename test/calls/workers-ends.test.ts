import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { heldCall, workersForEach } from '../support/opened-workers';
import { environment, openPeer, politeAnswer, variableSet, type Peer } from '../support/peer';
import { descriptorsOf, isRunning } from '../support/processes';
import { program, runtime, until, type Place } from '../support/super-server';
import type { Listening } from '../support/workers';

let place: Place;
let server: Listening;
const open = workersForEach((opened) => ({ place, server } = opened));
const hold = (words?: string): Promise<Peer> => heldCall(server, words);

const ended = (): Promise<number | null> =>
  new Promise((resolve) => {
    if (server.child.exitCode !== null) resolve(server.child.exitCode);
    else server.child.once('exit', resolve);
  });

describe('SIGTERM', () => {
  it('takes no further calls, and lets those that are there go on', async () => {
    await open('workers = 2\ndrain = 20');
    const calls = [await hold(), await hold(), await hold()];
    server.child.kill('SIGTERM');
    await until('the port to be closed', () => place.log().includes('takes no further calls'));
    for (const peer of calls) peer.socket.write('200 result=49\n');
    for (const peer of calls) {
      await peer.closed;
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    }
    expect(await ended()).toBe(0);
  });

  it('hangs up, after `drain`, what is still there', async () => {
    await open('workers = 1\ndrain = 1', "try { await fastagi.waitForDigit(-1); } finally { await fastagi.setVariable('stored', 'yes'); }");
    const peer = openPeer(server.port, environment('x.mjs'), (command, { socket }) => {
      // What follows an interrupted command is answered behind it.
      if (command.startsWith('WAIT FOR DIGIT')) return undefined;
      if (command.startsWith('GET FULL VARIABLE') || command.startsWith('NOOP')) socket.write('200 result=0\n');
      return politeAnswer(command);
    });
    await peer.seen(/^WAIT FOR DIGIT/);
    server.child.kill('SIGTERM');
    await peer.closed;
    expect(await ended()).toBe(0);
    expect(place.log()).toContain('calls were still going on after 1 s, and are hung up (drain)');
  });

  it('lets a call go that waits for an application', async () => {
    await open('workers = 1\ndrain = 1', "await fastagi.exec('Dial', ['PJSIP/100']);");
    const peer = await hold('EXEC');
    server.child.kill('SIGTERM');
    await peer.closed;
    // Nothing was said to Asterisk, which goes on with Dial.
    expect(peer.commands.at(-1)).toBe('EXEC "Dial" "PJSIP/100"');
    expect(await ended()).toBe(0);
  });

  it('ends it also while its workers are being started', async () => {
    await open('workers = 8');
    await server.stop();
    const child = spawn(runtime, [program, 'listen', '--config', place.config, '--port', String(server.port)], {
      stdio: 'ignore',
    });
    const listens = new RegExp(`fastagi\\[${child.pid}\\] listens on`);
    await until('the sockets', () => listens.test(place.log()));
    const over = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    expect(await over).toBe(0);
  });

  it('ends at once when it comes again', async () => {
    await open('workers = 1\ndrain = 60');
    const peer = await hold();
    server.child.kill('SIGTERM');
    await until('the first to be heard', () => place.log().includes('takes no further calls'));
    server.child.kill('SIGTERM');
    await peer.closed;
    expect(await ended()).toBe(0);
  });
});

describe('SIGHUP', () => {
  it('takes the new settings, and loses no call', async () => {
    await open('workers = 2\nmax_calls = 3');
    const calls = [await hold(), await hold()];
    const before = server.workers();
    writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('max_calls = 3', 'max_calls = 2'));
    server.child.kill('SIGHUP');
    await until('the new workers', () => place.log().includes('all workers have the new settings'));
    await until('the old ones to listen no more', () => before.every((pid) => listeners(pid) === 0));
    const peer = openPeer(server.port, environment('x.mjs'));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGIERROR')).toBe('2 calls are being served, which is max_calls');
    for (const held of calls) held.socket.write('200 result=49\n');
    for (const held of calls) {
      await held.closed;
      expect(variableSet(held, 'FASTAGISTATUS')).toBe('SUCCESS');
    }
    await until('the old ones to end', () => server.workers().every((pid) => !before.includes(pid)));
  });

  it('keeps the settings before if the new ones are wrong, and says what is', async () => {
    await open('workers = 1\nmax_calls = 3');
    const before = server.workers();
    writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('max_calls = 3', 'max_calls = many'));
    server.child.kill('SIGHUP');
    await until('the log', () => place.log().includes('the one before stays in force'));
    expect(place.log()).toContain('[fastagi] max_calls is "many"; write a whole number');
    expect(server.workers()).toEqual(before);
    const peer = await hold();
    peer.socket.write('200 result=49\n');
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
  });

  it('many times, under calls, loses none', async () => {
    await open('workers = 2', "await fastagi.setVariable('a', '1');");
    const reloads = { going: true };
    let calls = 0;
    const callers = Array.from({ length: 8 }, async () => {
      while (reloads.going) {
        const peer = openPeer(server.port, environment('x.mjs'));
        await peer.closed;
        expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
        calls += 1;
      }
    });
    for (let time = 0; time < 5; time++) {
      const before = server.workers();
      server.child.kill('SIGHUP');
      await until('the old ones to end', () => server.workers().every((pid) => !before.includes(pid)));
    }
    reloads.going = false;
    await Promise.all(callers);
    expect(calls).toBeGreaterThan(20);
  });
});

it('worker_calls replaces a worker after so many, and loses none', async () => {
  await open('workers = 1\nworker_calls = 5', "await fastagi.setVariable('pid', String(process.pid));");
  const pids = new Set<string | undefined>();
  for (let call = 0; call < 2000 && pids.size < 3; call++) {
    const peer = openPeer(server.port, environment('x.mjs'));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    pids.add(variableSet(peer, 'pid'));
  }
  expect(pids.size).toBe(3);
});

it('workers end with their master, and finish their calls before', async () => {
  await open('workers = 1');
  const peer = await hold();
  const [pid = 0] = server.workers();
  server.child.kill('SIGKILL');
  await ended();
  peer.socket.write('200 result=49\n');
  await peer.closed;
  expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
  await until('the worker to end', () => !isRunning(pid));
});

/** How many listening sockets a process has. */
function listeners(pid: number): number {
  const listening = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A');
  const inodes = new Set(listening.map((fields) => `socket:[${fields[9]}]`));
  return descriptorsOf(pid).filter((link) => inodes.has(link)).length;
}
