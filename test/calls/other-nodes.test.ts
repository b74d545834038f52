import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeOf } from '../support/cache';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, nodeProgram, startXinetd, type Place, type SuperServer } from '../support/super-server';

const at = (major: number) => [major, nodeOf(major)] as const;
const nodes = [22, 24, 26].map(at);

const parts = (node: string) => ({ xinetd: hasProgram('xinetd'), root: isRoot, [node]: existsSync(node) });

for (const [major, node] of nodes) {
  describeWith(parts(node), `under Node ${major}`, () => {
    let place: Place;
    let server: SuperServer;
    beforeAll(async () => {
      place = makePlace();
      // The program as it is installed: its start prepared for the Node that the service file names.
      spawnSync(node, [nodeProgram, 'prepare']);
      server = await startXinetd(place, { server: node, before: nodeProgram });
    });
    afterAll(async () => {
      await server.stop();
      place.remove();
    });

    const call = async (script: string) => {
      const peer = openPeer(server.port, environment(script));
      await peer.closed;
      return peer;
    };

    it.each(['typed.mts', 'typed.cts', 'typed.ts', 'awaiting.mts'])('a script in TypeScript runs: %s', async (name) => {
      place.use(`other-nodes/${name}`);
      const peer = await call(name);
      expect(variableSet(peer, 'told')).toBe('typed');
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
      expect(place.log()).toBe('');
    });

    it('types that are more than types are an error that says so', async () => {
      place.use('other-nodes/enum.ts');
      const peer = await call('enum.ts');
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
      expect(variableSet(peer, 'FASTAGIERROR')).toMatch(/enum\.ts cannot be loaded: .*[Ee]num/);
    });

    it('JavaScript runs as everywhere, from a start that is prepared', async () => {
      place.use('other-nodes/plain.mjs');
      expect(variableSet(await call('plain'), 'node')).toMatch(new RegExp(`^v${major}\\.`));
      const { stdout } = spawnSync(node, [nodeProgram, 'check', '--config', place.config], { encoding: 'utf8' });
      expect(stdout).not.toContain('not prepared');
    });
  });
}

for (const [major, node] of [12, 18].map(at)) {
  describeWith(parts(node), `under Node ${major}, which is too old`, () => {
    const why = new RegExp(
      `^fastagi needs Node 20\\.19, 22\\.12 or later, and ${node} is Node ${major}\\.\\d+\\.\\d+: install a later one, or name one`,
    );

    it('a call is a failure that says so', async () => {
      const place = makePlace();
      const server = await startXinetd(place, { server: node, before: nodeProgram });
      try {
        const peer = openPeer(server.port, environment('any'));
        await peer.closed;
        expect(peer.commands.map((command) => command.split(' ', 1)[0])).toEqual(['SET', 'SET', 'VERBOSE']);
        expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
        expect(variableSet(peer, 'FASTAGIERROR')).toMatch(why);
        expect(peer.commands.at(-1)).toMatch(/^VERBOSE "fastagi needs Node .*" 1$/);
      } finally {
        await server.stop();
        place.remove();
      }
    });

    it('a classic call fails too', () => {
      const { status, stdout } = spawnSync(node, [nodeProgram, 'run', 'any.js'], {
        encoding: 'utf8',
        input: environment('any') + '200 result=1\n',
      });
      expect(stdout).toMatch(/^SET VARIABLE "FASTAGISTATUS" "FAILURE"\n/);
      expect(status).not.toBe(0);
    });

    it.each([['check'], ['--config', '/none', 'check'], ['prepare']])('a command is refused in a sentence: %s', (...args) => {
      const { status, stdout, stderr } = spawnSync(node, [nodeProgram, ...args], { encoding: 'utf8' });
      expect({ status, stdout }).toEqual({ status: 100, stdout: '' });
      expect(stderr).toMatch(why);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    });

    it('so is the program alone on a terminal', () => {
      const { stdout } = spawnSync('script', ['-qec', `${node} ${nodeProgram}`, '/dev/null'], { encoding: 'utf8' });
      expect(stdout).toMatch(why);
    });
  });
}
