import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeOf } from '../support/cache';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, program, startXinetd, stopProcess, type Place, type SuperServer } from '../support/super-server';

const [alice, mallory] = [61_001, 61_002];
const nobody = '65534';
const says = (who: string) => `module.exports = (agi) => agi.setVariable('ran', '${who} ' + process.getuid() + ' ' + process.getgid());\n`;

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv') }, 'users who would run as another', () => {
  let place: Place;
  let server: SuperServer;
  beforeEach(async () => {
    place = makePlace();
    server = await startXinetd(place);
    for (const [name, uid] of [
      ['alice', alice],
      ['mallory', mallory],
    ] as const) {
      mkdirSync(join(place.basedir, name), { mode: 0o755 });
      write(`${name}/own.cjs`, name, uid);
      chownSync(join(place.basedir, name), uid, uid);
    }
  });
  afterEach(async () => {
    await server.stop();
    place.remove();
  });

  const at = (name: string) => join(place.basedir, name);
  const write = (name: string, who: string, uid: number) => chownSync(place.script(name, says(who)), uid, uid);
  const call = async (name: string) => {
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return variableSet(peer, 'ran')?.split(' ').slice(0, 2).join(' ') ?? variableSet(peer, 'FASTAGISTATUS');
  };
  const asMallory = (script: string) =>
    spawn('setpriv', [`--reuid=${mallory}`, `--regid=${mallory}`, '--clear-groups', 'sh', '-c', script], {
      stdio: 'ignore',
      cwd: at('mallory'),
    });

  it('each runs as themselves in a directory of their own', async () => {
    expect(await call('alice/own')).toBe(`alice ${alice}`);
    expect(await call('mallory/own')).toBe(`mallory ${mallory}`);
  });

  it("a file of alice's that was linked or moved into mallory's directory runs as nobody", async () => {
    linkSync(at('alice/own.cjs'), at('mallory/hard.cjs'));
    expect(await call('mallory/hard')).toBe(`alice ${nobody}`);
    expect(place.log()).toMatch(
      /mallory\/hard\.cjs runs as nobody, not as user 61001: .*\/mallory belongs to user 61002; chown user 61001 /,
    );
  });

  it("a link to alice's file runs that one, as alice", async () => {
    symlinkSync(at('alice/own.cjs'), at('mallory/soft.cjs'));
    expect(await call('mallory/soft')).toBe(`alice ${alice}`);
  });

  it("mallory, who exchanges a script and a link to alice's file as fast as can be, never becomes alice", async () => {
    linkSync(at('alice/own.cjs'), at('mallory/alices.cjs'));
    const attacker = asMallory(
      'cp own.cjs a.cjs; while :; do ln -sfn ../alice/own.cjs x.cjs; ln -f own.cjs t.cjs; mv -f t.cjs x.cjs; ln -f alices.cjs t.cjs; mv -f t.cjs x.cjs; done',
    );
    try {
      const seen = new Set<string | undefined>();
      for (let n = 0; n < 60; n++) seen.add(await call('mallory/x'));
      // That mallory may run what mallory may read is no secret; the other way round it would be alice's power.
      expect([...seen].filter((who) => who === `mallory ${alice}` || who?.endsWith(' 0'))).toEqual([]);
      expect(seen.size).toBeGreaterThan(1);
    } finally {
      await stopProcess(attacker);
    }
  }, 60_000);

  it.each([
    ['a directory that a group may write', () => chmodSync(at('alice'), 0o2775)],
    ['a script that a group may write', () => chmodSync(at('alice/own.cjs'), 0o664)],
    ['a directory that everybody may write, as chmod -R 777 leaves it', () => chmodSync(at('alice'), 0o777)],
    ['a basedir of another', () => chownSync(place.basedir, mallory, mallory)],
    ['a directory above basedir that everybody may write', () => chmodSync(place.dir, 0o777)],
  ])('%s: nobody, and the log names what mends it', async (_what, open) => {
    open();
    expect(await call('alice/own')).toBe(`alice ${nobody}`);
    expect(place.log()).toMatch(/own\.cjs runs as nobody, not as user 61001: .*; ch(mod [go]-w|own user 61001) \/tmp\/fastagi-test-/);
  });

  it('a program in another language likewise', async () => {
    const path = place.script('mallory/program.sh', `#!/bin/sh\necho 'SET VARIABLE "ran" "program '$(id -u)'"'\nread reply\n`);
    chmodSync(path, 0o755);
    chownSync(path, alice, alice);
    expect(await call('mallory/program.sh')).toBe(`program ${nobody}`);
  });
});

const later = nodeOf(24);
describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, [later]: existsSync(later) }, "root's scripts with root = true", () => {
  let place: Place;
  let server: SuperServer;
  beforeEach(async () => {
    place = makePlace('root = true');
    server = await startXinetd(place, { server: later, before: program });
    // The whole chain must be root's: /tmp is sticky, and so is root's for what lies in it.
    for (const [name, uid] of [
      ['root', 0],
      ['others', mallory],
    ] as const) {
      mkdirSync(join(place.basedir, 'node_modules', name), { recursive: true });
      writeFileSync(join(place.basedir, 'node_modules', name, 'index.js'), `module.exports = '${name}';\n`);
      chownSync(join(place.basedir, 'node_modules', name), uid, uid);
      chownSync(join(place.basedir, 'node_modules', name, 'index.js'), uid, uid);
    }
  });
  afterEach(async () => {
    await server.stop();
    place.remove();
  });
  const call = async (name: string, text: string) => {
    chownSync(place.script(name, text), 0, 0);
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return [variableSet(peer, 'ran'), variableSet(peer, 'FASTAGISTATUS'), variableSet(peer, 'FASTAGIERROR') ?? ''];
  };

  it('run as root, with modules of root', async () => {
    const [ran, status] = await call(
      'r.mjs',
      `import name from 'root'; export default (agi) => agi.setVariable('ran', name + process.getuid());`,
    );
    expect([ran, status]).toEqual(['root0', 'SUCCESS']);
  });

  it.each([
    ['import', 'o.mjs', `import name from 'others'; export default (agi) => agi.setVariable('ran', name);`],
    ['require', 'o.cjs', `const name = require('others'); module.exports = (agi) => agi.setVariable('ran', name);`],
    ['a later import()', 'l.mjs', `export default async (agi) => agi.setVariable('ran', (await import('others')).default);`],
    ['a later require', 'l.cjs', `module.exports = async (agi) => agi.setVariable('ran', require('others'));`],
  ])('load nothing of another user: %s', async (_what, name, text) => {
    const [ran, status, why] = await call(name, text);
    expect([ran, status]).toEqual([undefined, expect.stringMatching(/^F/)]);
    expect(why).toMatch(/root's script may not load .*others.*belongs to user 61002; chown 0 /);
  });

  it('run as nobody where others could have written them', async () => {
    chmodSync(place.basedir, 0o775);
    expect((await call('n.cjs', says('x')))[0]).toBe('x 65534 65534');
    expect(readFileSync(join(place.dir, 'log'), 'utf8')).toMatch(/n\.cjs runs as nobody, not as root: a group may write .*; chmod g-w /);
  });
});
