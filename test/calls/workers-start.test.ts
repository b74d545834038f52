import { spawnSync } from 'node:child_process';
import { chmodSync, constants, copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { describeWith, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { before, executable, until, type Place } from '../support/super-server';
import { makeWorkersPlace, startListen, type Listening } from '../support/workers';

let place: Place;
let server: Listening | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  place.remove();
});

/** A Node of one's own. */
function copiedNode(mode: number): string {
  const directory = join(place.dir, 'own');
  mkdirSync(directory);
  const node = join(directory, 'node');
  copyFileSync(executable, node, constants.COPYFILE_FICLONE);
  chmodSync(node, 0o755);
  chmodSync(directory, mode);
  return node;
}

describeWith({ root: isRoot }, 'workers whose user may not run their Node', () => {
  it('are not begun with', () => {
    place = makeWorkersPlace();
    const node = copiedNode(0o700);
    const { status } = spawnSync(node, [...before, 'listen', '--config', place.config, '--port', '0']);
    const message = `user 1 may not run ${node}, and could start no worker: install it where everybody may, as in /usr/local\n`;
    // Standard error is the log by then.
    expect([status, place.log()]).toEqual([111, expect.stringContaining(message)]);
  });
});

describe('a worker that cannot be started', () => {
  it('is tried again, and keeps nobody from ending the service', async () => {
    place = makeWorkersPlace('workers = 1');
    place.script('x.mjs', "export default async (fastagi) => { await fastagi.setVariable('a', '1'); };\n");
    const node = copiedNode(0o755);
    server = await startListen(place, { node, before });
    const [first = 0] = server.workers();
    renameSync(node, `${node}-away`);
    process.kill(first, 'SIGKILL');
    await until('the second try', () => /a worker could not be started, and is tried again in 0\.4 s: .*ENOENT/.test(place.log()));
    renameSync(`${node}-away`, node);
    await until('a worker', () => server?.workers().length === 1);
    const peer = openPeer(server.port, environment('x.mjs'));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    renameSync(node, `${node}-away`);
    process.kill(server.workers()[0] ?? 0, 'SIGKILL');
    await until('no worker', () => server?.workers().length === 0);
    const ended = new Promise((resolve) => server?.child.once('exit', resolve));
    server.child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
