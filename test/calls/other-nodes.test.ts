import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, program, project, startXinetd, type Place, type SuperServer } from '../support/super-server';

const cache = process.env['FASTAGI_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fastagi-tests');
const nodes = [22, 24, 26].map((major) => [major, join(cache, `node-${major}/bin/node`)] as const);

const typed = 'const told: string = "typed"; interface Call { setVariable(name: string, value: string): Promise<void> }\n';
const body = 'async (agi: Call): Promise<void> => { await agi.setVariable("told", told); }';

const parts = (node: string) => ({ xinetd: hasProgram('xinetd'), root: isRoot, [node]: existsSync(node) });

for (const [major, node] of nodes) {
  describeWith(parts(node), `under Node ${major}`, () => {
    let place: Place;
    let server: SuperServer;
    beforeAll(async () => {
      place = makePlace();
      // The program as it is installed: its start prepared for the Node that the service file names.
      spawnSync(node, [join(project, 'scripts/start-cache.mjs')]);
      server = await startXinetd(place, { server: node, before: program });
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

    it.each([
      ['typed.mts', `${typed}export default ${body}`],
      ['typed.cts', `${typed}module.exports = ${body}`],
      ['typed.ts', `${typed}export default ${body}`],
      ['awaiting.mts', `await null;\n${typed}export default ${body}`],
    ])('a script in TypeScript runs: %s', async (name, text) => {
      place.script(name, text);
      const peer = await call(name);
      expect(variableSet(peer, 'told')).toBe('typed');
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
      expect(place.log()).toBe('');
    });

    it('types that are more than types are an error that says so', async () => {
      place.script('enum.ts', 'enum Colour { red }\nexport default async () => { Colour.red; }');
      const peer = await call('enum.ts');
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
      expect(variableSet(peer, 'FASTAGIERROR')).toMatch(/enum\.ts cannot be loaded: .*[Ee]num/);
    });

    it('JavaScript runs as everywhere, from a start that is prepared', async () => {
      place.script('plain.mjs', 'export default async (agi) => { await agi.setVariable("node", process.version); }');
      expect(variableSet(await call('plain'), 'node')).toMatch(new RegExp(`^v${major}\\.`));
      const { stdout } = spawnSync(node, [program, 'check', '--config', place.config], { encoding: 'utf8' });
      expect(stdout).not.toContain('not prepared');
    });
  });
}
