import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { nodeOf } from '../support/cache';
import { forgetCounts } from '../support/forget-counts';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { serveForEach } from '../support/served';
import { makePlace, nodeProgram, program, startXinetd, stopProcess, until, type Place, type SuperServer } from '../support/super-server';

const [alice, mallory] = [61_001, 61_002];
const nobody = '65534';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv') }, 'users who would run as another', () => {
  let place: Place;
  let server: SuperServer;
  serveForEach('', (served) => ({ place, server } = served));
  beforeEach(() => {
    for (const [name, uid] of [
      ['alice', alice],
      ['mallory', mallory],
    ] as const) {
      mkdirSync(join(place.basedir, name), { mode: 0o755 });
      chownSync(place.use(`trust/${name}.cjs`, `${name}/own.cjs`), uid, uid);
      chownSync(join(place.basedir, name), uid, uid);
    }
  });
  const at = (name: string) => join(place.basedir, name);
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
    expect(place.log()).toMatch(/mallory\/hard\.cjs runs as nobody, not as user 61001: .*\/mallory belongs to user 61002; chown 61001 /);
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
  ])('%s: nobody, and the log names what mends it', async (_what, open) => {
    open();
    expect(await call('alice/own')).toBe(`alice ${nobody}`);
    expect(place.log()).toMatch(/own\.cjs runs as nobody, not as user 61001: .*; ch(mod [go]-w|own 61001) \/tmp\/fastagi-test-/);
  });

  it('a program in another language likewise', async () => {
    const path = place.use('trust/mallory/program.sh');
    chmodSync(path, 0o755);
    chownSync(path, alice, alice);
    expect(await call('mallory/program.sh')).toBe(`program ${nobody}`);
  });
});

const later = nodeOf(24);
describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, [later]: existsSync(later) }, "root's scripts with root = true", () => {
  let place: Place;
  let server: SuperServer;
  serveForEach('root = true', (served) => ({ place, server } = served), { server: later, before: nodeProgram });
  beforeEach(() => {
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
  const call = async (name: string) => {
    chownSync(place.use(`trust/${name}`), 0, 0);
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return [variableSet(peer, 'ran'), variableSet(peer, 'FASTAGISTATUS'), variableSet(peer, 'FASTAGIERROR') ?? ''];
  };

  it('run as root, with modules of root', async () => {
    const [ran, status] = await call('imports-own.mjs');
    expect([ran, status]).toEqual(['root0', 'SUCCESS']);
  });

  it.each([
    ['import', 'imports.mjs'],
    ['require', 'requires.cjs'],
    ['a later import()', 'imports-later.mjs'],
    ['a later require', 'requires-later.cjs'],
  ])('load nothing of another user: %s', async (_what, name) => {
    const [ran, status, why] = await call(name);
    expect([ran, status]).toEqual([undefined, expect.stringMatching(/^F/)]);
    expect(why).toMatch(/root's script may not load .*others.*belongs to user 61002; chown 0 /);
  });

  it('run as nobody where others could have written them', async () => {
    chmodSync(place.basedir, 0o775);
    expect((await call('who.cjs'))[0]).toBe('who 65534 65534');
    expect(readFileSync(join(place.dir, 'log'), 'utf8')).toMatch(/who\.cjs runs as nobody, not as root: a group may write .*; chmod g-w /);
  });
});

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'who could have written the configuration', () => {
  let place: Place;
  let server: SuperServer;
  serveForEach('', (served) => ({ place, server } = served));
  beforeEach(() => {
    for (const [name, uid] of [
      ['alice', alice],
      ['mallory', mallory],
      ['root', 0],
    ] as const)
      chownSync(place.use('trust/who.cjs', `${name}.cjs`), uid, uid);
  });
  const ran = async (name: string) => {
    const peer = openPeer(server.port, environment(name));
    await peer.closed;
    return variableSet(peer, 'ran')?.split(' ')[1] ?? variableSet(peer, 'FASTAGIERROR');
  };
  const configure = (lines: string) => {
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\n${lines}\n`);
    chownSync(place.config, mallory, mallory);
  };

  it('one user besides root: that user and nobody, and nobody else, whatever it says', async () => {
    configure(`log = ${place.dir}/log`);
    expect([await ran('mallory'), await ran('alice'), await ran('root')]).toEqual([`${mallory}`, nobody, nobody]);
    configure('setuid = false');
    expect([await ran('mallory'), await ran('root')]).toEqual([`${mallory}`, `${mallory}`]);
    configure('root = true\nleast_uid = 0');
    expect(await ran('root')).toBe(nobody);
  });

  it("opens the log as that user: root's files are not written", async () => {
    const target = join(place.dir, 'roots');
    writeFileSync(target, 'untouched', { mode: 0o600 });
    configure(`log = ${target}`);
    expect(await ran('mallory')).toBe(`${mallory}`);
    expect(await ran('missing')).toMatch(/there is no script/);
    expect(readFileSync(target, 'utf8')).toBe('untouched');
    configure(`log = ${place.out}/mallorys`);
    await ran('missing');
    expect(readFileSync(join(place.out, 'mallorys'), 'utf8')).toContain('NOTFOUND');
    expect(statSync(join(place.out, 'mallorys')).uid).toBe(mallory);
  });

  it('mails a refused call as that user', async () => {
    // Only five an hour are sent, whichever run of the test sent them.
    const forget = () => forgetCounts(mallory);
    forget();
    onTestFinished(forget);
    const sendmail = join(place.out, 'sendmail');
    writeFileSync(sendmail, `#!/bin/sh\nid -u > ${place.out}/mailed\n`, { mode: 0o755 });
    configure(`[phpagi]\nadmin = x@example.org\nsendmail = ${sendmail}`);
    await ran('missing');
    await until('the mail', () => existsSync(join(place.out, 'mailed')) && readFileSync(join(place.out, 'mailed'), 'utf8') !== '');
    expect(readFileSync(join(place.out, 'mailed'), 'utf8')).toBe(`${mallory}\n`);
  });

  it.each([
    ['everybody may write it', () => chmodSync(place.config, 0o666), /everybody may write .*phpagi\.conf; chmod o-w .*phpagi\.conf$/],
    ['a group may write it', () => chmodSync(place.config, 0o664), /a group may write .*phpagi\.conf; chmod g-w /],
    ['everybody may write its directory', () => chmodSync(place.dir, 0o777), /everybody may write \/tmp\/fastagi-test-\w+; chmod o-w /],
    [
      'several users could have',
      () => {
        chownSync(place.config, mallory, mallory);
        chownSync(place.dir, alice, alice);
      },
      /is of user 61002, and another directory on its way of user 61001; chown root /,
    ],
    [
      'it is a link',
      () => {
        writeFileSync(join(place.dir, 'other'), '');
        rmSync(place.config);
        symlinkSync(join(place.dir, 'other'), place.config);
      },
      /is a link; name what it leads to in its place/,
    ],
  ])('is refused where %s, and the dialplan learns what mends it', async (_what, change, why) => {
    change();
    expect(await ran('alice')).toMatch(why);
  });

  it('is what check says: whom its calls may become, and who may read its secret', () => {
    configure('[asmanager]\nsecret = s3cret');
    chmodSync(place.config, 0o644);
    const { stdout } = spawnSync(program, ['check', '--config', place.config], { encoding: 'utf8' });
    expect(stdout).toMatch(/user 61002 could have written .*: its calls become that user and nobody, and no other; chown root /);
    expect(stdout).toMatch(/everybody may read .*, which holds a secret; chmod o-r /);
    expect(stdout).toMatch(/alice\.cjs +nobody:nogroup/);
    expect(stdout).not.toContain('s3cret');
  });
});

describeWith(
  { xinetd: hasProgram('xinetd'), root: isRoot },
  "Debian's layout, where Asterisk's user owns /etc/asterisk and /var/lib/asterisk",
  () => {
    it("serves Asterisk's scripts as Asterisk's user, and root's as nobody", async () => {
      const place = makePlace();
      chownSync(place.dir, alice, alice);
      chownSync(place.config, alice, alice);
      chownSync(place.basedir, alice, alice);
      const server = await startXinetd(place);
      try {
        for (const [name, owner, uid] of [
          ['theirs', alice, `${alice}`],
          ['roots', 0, nobody],
        ] as const) {
          chownSync(place.use('trust/who.cjs', `${name}.cjs`), owner, owner);
          const peer = openPeer(server.port, environment(name));
          await peer.closed;
          expect(variableSet(peer, 'ran')?.split(' ')[1]).toBe(uid);
        }
      } finally {
        await server.stop();
        place.remove();
      }
    });
  },
);
