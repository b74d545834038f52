import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { serveForAll } from '../support/served';
import { project, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'a script whose project has a copy of the package', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('', (served) => ({ place, server } = served));

  it.each([
    ['an ES module', 'esm.mjs'],
    ['CommonJS', 'common.cjs'],
  ])('knows the errors, and its own are known: %s', async (_kind, name) => {
    const copy = join(place.basedir, 'mine/node_modules/fastagi');
    mkdirSync(copy, { recursive: true });
    cpSync(join(project, 'dist'), join(copy, 'dist'), { recursive: true });
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as object;
    writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }));
    for (const file of [name, 'catches.cjs']) place.use(`copies/${file}`, `mine/${file}`);
    const peer = openPeer(server.port, environment(`mine/${name}`), (line) => {
      if (line.startsWith('EXEC')) return '200 result=-2\n';
      return line.startsWith('WAIT') ? '511 Command Not Permitted on a dead channel or intercept routine\n' : politeAnswer(line);
    });
    await peer.closed;
    expect(JSON.parse(variableSet(peer, 'caught') ?? '')).toEqual([
      [true, false, false, true],
      [false, true, false, true],
      [false, false, true, true],
    ]);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    expect(variableSet(peer, 'FASTAGIERROR')).toContain('it is over');
  });
});
