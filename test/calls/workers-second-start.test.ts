import { chmodSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { descriptorsOf, isRunning } from '../support/processes';
import { refusingNodes } from '../support/refusing-nodes';
import { until, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, startListen, startXinetdWaiting, type Listening } from '../support/workers';

let place: Place;
let server: SuperServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  place.remove();
});

const script = `export default async (fastagi) => {
  await fastagi.setVariable('who', [process.getuid(), process.getgid(), process.ppid].join(' '));
  await fastagi.setVariable('secret', fastagi.config.asmanager.secret);
  if (fastagi.args[0] === 'wait') await fastagi.waitForDigit(-1);
};
`;

const prepare = (settings = ''): Place => {
  place = makeWorkersPlace(`workers = 1\n${settings}`);
  place.script('x.mjs', script);
  return place;
};

async function call(port: number, extra: Record<string, string> = {}): Promise<Peer> {
  const peer = openPeer(port, environment('x.mjs', extra));
  await peer.closed;
  return peer;
}

const masterOf = (peer: Peer): number => Number(variableSet(peer, 'who')?.split(' ')[2]);
const statusOf = (pid: number, what: string): string[] =>
  new RegExp(`^${what}:\\s+(.*)$`, 'm')
    .exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    ?.trim()
    .split(/\s+/) ?? [];
const socketsOf = (pid: number): string[] => descriptorsOf(pid).filter((link) => link.startsWith('socket:'));

for (const [name, parts, options] of refusingNodes) {
  describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv'), ...parts }, `workers under ${name}`, () => {
    const listen = async (): Promise<Listening> => {
      const { server: node, before } = options(place);
      const started = await startListen(place, { node, before: before.split(' ') });
      server = started;
      return started;
    };

    it('are their user from a second start on, with the socket that xinetd handed over', async () => {
      prepare('log_calls = true');
      server = await startXinetdWaiting(place, options(place));
      // Under load its start takes longer than a call waits (3 s), or its worker has no turn for a second: calls are told BUSY then.
      let peers: Peer[] = [];
      const others: unknown[] = [];
      const served = async (): Promise<number> => {
        peers = await Promise.all(Array.from({ length: 8 }, () => call(server?.port ?? 0)));
        const told = peers.map((peer) => variableSet(peer, 'FASTAGISTATUS'));
        others.push(...told.filter((status) => status !== 'SUCCESS' && status !== 'BUSY'));
        return told.filter((status) => status === 'SUCCESS').length;
      };
      await expect.poll(served, { timeout: 20_000 }).toBe(8);
      expect(others).toEqual([]);
      for (const peer of peers) expect(variableSet(peer, 'who')).toMatch(/^1 1 \d+$/);
      const [peer] = peers as [Peer];
      const master = masterOf(peer);
      expect(statusOf(master, 'Uid')).toEqual(['1', '1', '1', '1']);
      expect(statusOf(master, 'CapBnd')).toEqual(['0000000000000000']);
      expect(statusOf(master, 'NoNewPrivs')).toEqual(['1']);
      // The caller does not wait for the line.
      await until('the line of a call', () => place.log().includes('x.mjs: SUCCESS'));
    });

    it('are left alone by root, who keeps no socket, and hands its signals on', async () => {
      prepare();
      const { port, child } = await listen();
      const first = await call(port);
      expect(variableSet(first, 'FASTAGISTATUS')).toBe('SUCCESS');
      const master = masterOf(first);
      const root = child.pid ?? 0;
      expect(statusOf(master, 'PPid')).toEqual([String(root)]);
      expect(statusOf(root, 'Uid')[0]).toBe('0');
      const table = readFileSync('/proc/net/tcp', 'latin1');
      expect(socketsOf(root).filter((link) => table.includes(` ${link.slice(8, -1)} `))).toEqual([]);
      process.kill(root, 'SIGHUP');
      await until('the configuration to be read again', () => place.log().includes('workers are replaced'));
      process.kill(root, 'SIGTERM');
      await until('the end', () => !isRunning(master) && child.exitCode !== null);
      expect(child.exitCode).toBe(0);
    });

    it('end with root, whose signals nobody would have otherwise', async () => {
      prepare();
      const { port, child } = await listen();
      const master = masterOf(await call(port));
      child.kill('SIGKILL');
      await until('the end', () => !isRunning(master));
    });

    it("do not have the configuration's secrets, if their user may not read it", async () => {
      prepare('[asmanager]\nsecret = geheim\n[fastagi]\n');
      chmodSync(place.config, 0o600);
      const { port } = await listen();
      const peer = await call(port);
      expect([variableSet(peer, 'FASTAGISTATUS'), variableSet(peer, 'secret')]).toEqual(['SUCCESS', '']);
    });
  });
}
