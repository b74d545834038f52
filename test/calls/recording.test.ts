import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer } from '../support/peer';
import { makePlace, program, runtime, scriptOwner, startXinetd, until, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, startListen } from '../support/workers';

const text = `import { randomUUID } from 'node:crypto';
const loaded = Math.random();
export default async (agi) => {
  const { digits } = await agi.getData('enter-pin', 5000, 4, { secret: true });
  await agi.setVariable('ID', [randomUUID(), loaded, Date.now()].join(' '));
  await agi.verbose(digits + ' of ' + agi.request.agi_callerid);
};
`;

let place: Place;
let server: SuperServer | undefined;
afterEach(async () => {
  await server?.stop();
  place.remove();
});

/** Makes a call; gives the recordings of a user that are there then. */
async function call(script: string, uid: number): Promise<string[]> {
  const directory = join(place.dir, 'calls', `calls-${uid}`);
  const peer = openPeer(server?.port ?? 0, environment(script, { agi_callerid: '4930123456' }), (line) =>
    line.startsWith('GET DATA') ? '200 result=4711\n' : politeAnswer(line),
  );
  await peer.closed;
  return until('the recording', () => {
    const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.includes(script) && name.endsWith('.cassette')) : [];
    return files.length > 0 && files.toSorted().map((name) => join(directory, name));
  });
}

const replay = (path: string): string =>
  spawnSync(runtime, [program, 'replay', path], { encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } }).stdout;

function openCalls(mode = 0o755): string {
  const directory = join(place.dir, 'calls');
  mkdirSync(directory);
  chmodSync(directory, mode);
  return directory;
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'calls under xinetd', () => {
  it('are recorded as the owner of their script, for nobody else, without what is secret, and can be replayed', async () => {
    place = makePlace('numbers = last3');
    const directory = openCalls();
    // Below /tmp, where anybody may make things, only the configuration of a user who records for himself is trusted.
    writeFileSync(place.config, `${readFileSync(place.config, 'utf8')}record = ${directory}\n`);
    server = await startXinetd(place);
    const path = place.script('pin.mjs', text);
    const own = join(directory, `calls-${scriptOwner}`);
    mkdirSync(own, { mode: 0o700 });
    chownSync(own, scriptOwner, scriptOwner);
    const [file = ''] = await call('pin.mjs', scriptOwner);
    expect(statSync(file)).toMatchObject({ uid: scriptOwner, mode: 0o100600 });
    const tape = readFileSync(file, 'utf8');
    expect(tape.split('\n', 1)[0]).toMatch(
      new RegExp(
        `^fastagi-cassette 1 \\{"fastagi":"[^"]+","asterisk":"22\\.10\\.1","script":"${path}","name":"pin\\.mjs","sha256":"[0-9a-f]{64}"`,
      ),
    );
    expect(tape).toMatch(/< 200 result=<secret \d{4}>$/m);
    expect(tape).toMatch(/> VERBOSE "<secret \d{4}> of \.\.\.456" 1$/m);
    expect(tape).not.toMatch(/4711|4930123/);
    expect(replay(directory)).toMatch(/as recorded, 4 lines\n1 as recorded, 0 otherwise/);
  });

  it('go, the oldest first, if a user has more than record_max MB', async () => {
    place = makePlace('record_max = 1');
    const directory = openCalls();
    writeFileSync(place.config, `${readFileSync(place.config, 'utf8')}record = ${directory}\n`);
    server = await startXinetd(place);
    place.script('big.js', "module.exports = async (agi) => { for (let i = 0; i < 900; i++) await agi.noop('x'.repeat(600)); };");
    const [first = ''] = await call('big.js', scriptOwner);
    const peer = openPeer(server.port, environment('big.js'));
    await peer.closed;
    await until('the end of the first', () => !existsSync(first));
    expect(readdirSync(join(directory, `calls-${scriptOwner}`))).toHaveLength(1);
  });

  it('of programs in other languages are recorded, and cannot be replayed', async () => {
    place = makePlace();
    const directory = openCalls();
    writeFileSync(place.config, `${readFileSync(place.config, 'utf8')}record = ${directory}\n`);
    server = await startXinetd(place);
    const path = place.script(
      'other.sh',
      '#!/bin/sh\nwhile read line && [ -n "$line" ]; do :; done\necho "SET VARIABLE A 1"\nread answer\n',
    );
    chmodSync(path, 0o755);
    const [file = ''] = await call('other.sh', scriptOwner);
    expect(readFileSync(file, 'utf8')).toMatch(/> SET VARIABLE A 1\n/);
    const { status, stderr } = spawnSync(runtime, [program, 'replay', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 100,
      stderr: expect.stringContaining('is no JavaScript; only scripts can be replayed') as string,
    });
  });

  it('are served, and the log says why, if they cannot be recorded', async () => {
    place = makePlace('record = /nowhere/calls');
    server = await startXinetd(place);
    place.script('plain.js', "module.exports = (agi) => agi.setVariable('A', '1');");
    const peer = openPeer(server.port, environment('plain.js'));
    await peer.closed;
    expect(peer.commands).toContain('SET VARIABLE "FASTAGISTATUS" "SUCCESS"');
    await until('the log', () => place.log().includes('install -d -m 755 /nowhere/calls') || undefined);
  });
});

describe('calls in workers', () => {
  it('are recorded apart, each with the values that it was given, and old recordings go', async () => {
    place = makeWorkersPlace('workers = 1\nrecord_keep = 2');
    const directory = openCalls(0o1777);
    writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('[fastagi]', `[fastagi]\nrecord = ${directory}`));
    const path = place.script('pin.mjs', text.replace('Math.random()', '1'));
    server = await startListen(place);
    const uid = statSync(path).uid;
    const [first = ''] = await call('pin.mjs', uid);
    // Its worker looks at all recordings after it wrote one, and would find this one old, with no other there yet.
    await server.stop();
    const old = new Date(Date.now() - 3 * 86_400_000);
    utimesSync(first, old, old);
    // Each worker looks at all of them after its first call; then the more seldom, the longer it took.
    server = await startListen(place);
    // A call that goes on meanwhile has values of its own.
    const other = openPeer(server.port, environment('pin.mjs'), () => undefined);
    await other.seen(/GET DATA/);
    await call('pin.mjs', uid);
    await until('the end of the first', () => !existsSync(first));
    const [second = '', ...more] = readdirSync(join(first, '..')).map((name) => join(first, '..', name));
    expect(more).toEqual([]);
    other.socket.destroy();
    // They may hold the digits of the PIN, which are hidden then.
    const written = readFileSync(second, 'utf8').replaceAll(/<secret (\d{4})>/g, '$1');
    expect(written).toMatch(/= uuid [0-9a-f-]{36}\n.*= now \d+\n/);
    expect(replay(second)).toMatch(/as recorded, 4 lines/);
  });
});
