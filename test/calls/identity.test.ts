import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodeOf } from '../support/cache';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { hasTrixie, programInTrixie, trixieNode } from '../support/trixie';
import { makePlace, nodeProgram, program, runtime, startXinetd, type Place, type SuperServer } from '../support/super-server';

interface Who {
  uid: number;
  euid: number;
  gid: number;
  egid: number;
  groups: number[];
  caps: string;
  root: string[];
  home: string;
}

const nodes: [string, boolean, (place: Place) => { server?: string; before?: string }][] = [
  ['', true, () => ({})],
  ...[22, 24, 26].map((major): (typeof nodes)[number] => [
    ` under Node ${major}`,
    existsSync(nodeOf(major)),
    () => ({ server: nodeOf(major), before: nodeProgram }),
  ]),
  [" under Debian 13's own Node", hasTrixie, (place) => ({ server: trixieNode(place), before: programInTrixie })],
];

for (const [which, isThere, options] of nodes)
  describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, [`that Node${which}`]: isThere }, `the identity of a script${which}`, () => {
    let place: Place;
    let server: SuperServer;

    beforeAll(async () => {
      place = makePlace();
      server = await startXinetd(place, options(place));
    });
    afterAll(async () => {
      await server.stop();
      place.remove();
    });

    async function ask(name: string): Promise<Who> {
      const peer = openPeer(server.port, environment(name));
      await peer.closed;
      expect(variableSet(peer, 'FASTAGIERROR')).toBeUndefined();
      return JSON.parse(variableSet(peer, 'who') ?? 'null') as Who;
    }

    it.each([
      ['an account', 1, 1, 1],
      ["another account, whatever the file's group", 2, 8, 2],
      ["an account, not root's group, which chown leaves", 1, 0, 1],
      ['an owner without account', 54_321, 54_322, 65_534],
    ])('%s: uid, gid, groups; root cannot be regained', async (_what, uid, fileGid, gid) => {
      chownSync(place.use('identity/who.js'), uid, fileGid);
      const who = await ask('who.js');
      expect(who).toMatchObject({
        uid,
        euid: uid,
        gid,
        egid: gid,
        caps: '0000000000000000',
        root: ['refused', 'refused', 'refused', 'refused'],
      });
      expect(who.groups).toContain(gid);
      expect(who.groups).not.toContain(0);
      expect(who.home).not.toBe('/root');
    });

    it("nobody for root's script without root = true, and the log says so", async () => {
      chownSync(place.use('identity/who.js', 'root.js'), 0, 0);
      expect(await ask('root.js')).toMatchObject({ uid: 65_534, gid: 65_534 });
      expect(place.log()).toContain("root.js runs as nobody, not as root: root's scripts run as root only with [fastagi] root = true");
    });

    it.each([
      ['a script that everybody may write', 'open.js', (path: string) => chmodSync(path, 0o666)],
      ['a script that a group may write', 'group.js', (path: string) => (chownSync(path, 1, 8), chmodSync(path, 0o664))],
      ['a script in a directory that everybody may write', 'sub/in.js', () => chmodSync(join(place.basedir, 'sub'), 0o777)],
      ['a script in a directory of another one', 'theirs/in.js', () => chownSync(join(place.basedir, 'theirs'), 2, 2)],
    ])('nobody for %s, and the log says so', async (_what, name, open) => {
      mkdirSync(join(place.basedir, 'sub'), { recursive: true });
      mkdirSync(join(place.basedir, 'theirs'), { recursive: true });
      open(place.use('identity/who.js', name));
      const who = await ask(name);
      expect(who).toMatchObject({ uid: 65_534, gid: 65_534, groups: [65_534], root: ['refused', 'refused', 'refused', 'refused'] });
      expect(place.log()).toMatch(new RegExp(`${name.replace('/', '\\/')}.*runs as nobody`));
    });

    it('stays root with setuid=false', async () => {
      chownSync(place.use('identity/who.js', 'who2.js'), 1, 1);
      writeFileSync(place.config, `[fastagi]\nbasedir=${place.basedir}\nlog=${place.dir}/log\nsetuid=false\n`);
      expect(await ask('who2.js')).toMatchObject({ uid: 0 });
    });
  });

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, "a script's environment", () => {
  it.each([
    ['', []],
    ['environment = MINE, OTHER', ['MINE']],
  ])('is a list, whatever the super-server passes: %s', async (setting, more) => {
    const place = makePlace(setting);
    place.use('identity/env.cjs');
    place.use('identity/env.sh');
    const wrapper = join(place.dir, 'wrapper');
    writeFileSync(wrapper, `#!/bin/sh\nSECRET=s NODE_NO_WARNINGS=1 MINE=m AST_X=1 TZ=UTC exec "${runtime}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
    const server = await startXinetd(place, { server: wrapper });
    try {
      const ask = async (name: string) => {
        const peer = openPeer(server.port, environment(name));
        await peer.closed;
        return variableSet(peer, 'env')
          ?.split(/[ ,]/)
          .filter((word) => /^[A-Z]/.test(word))
          .filter((word) => !['PWD', 'SHLVL', 'OLDPWD'].includes(word));
      };
      const expected = ['HOME', 'LOGNAME', 'PATH', 'REMOTE_HOST', 'TZ', 'USER', ...more].toSorted();
      expect(await ask('env.cjs')).toEqual(expected);
      expect(await ask('env.sh')).toEqual(expected);
    } finally {
      await server.stop();
      place.remove();
    }
  });
});

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'a program that cannot become the owner', () => {
  it('never runs the script', async () => {
    const place = makePlace();
    chmodSync(place.dir, 0o755);
    const path = place.use('identity/who.js');
    chownSync(path, 1, 1);
    // Root without the capability to change its groups and its identity.
    const wrapper = join(place.dir, 'weak-root');
    writeFileSync(
      wrapper,
      `#!/bin/sh\nexec setpriv --bounding-set=-setuid,-setgid --inh-caps=-setuid,-setgid "${runtime}" "${program}" "$@"\n`,
      { mode: 0o755 },
    );
    const server = await startXinetd(place, { server: wrapper });
    try {
      const peer = openPeer(server.port, environment('who.js'));
      await peer.closed;
      expect(variableSet(peer, 'who')).toBeUndefined();
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
      expect(variableSet(peer, 'FASTAGIERROR')).toContain('the script was not run');
    } finally {
      await server.stop();
      place.remove();
    }
  });
});

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'a program that was not started as root', () => {
  it('runs every script as its own user', async () => {
    const place = makePlace();
    place.use('identity/who.js');
    writeFileSync(place.config, `[fastagi]\nbasedir=${place.basedir}\n`);
    const server = await startXinetd(place, { user: 'daemon' });
    try {
      const peer = openPeer(server.port, environment('who.js'));
      await peer.closed;
      expect(JSON.parse(variableSet(peer, 'who') ?? 'null')).toMatchObject({ uid: 1, euid: 1 });
    } finally {
      await server.stop();
      place.remove();
    }
  });
});
