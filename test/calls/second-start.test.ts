import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { classic, startClassic } from '../support/classic';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { startSmtp } from '../support/smtp';
import { makePlace, startXinetd, until, type Place, type SuperServer } from '../support/super-server';
import { refusingNodes } from '../support/refusing-nodes';
import { forgetCountsInTrixie, hasTrixie, programInTrixie, trixieNode } from '../support/trixie';

for (const [name, parts, options] of refusingNodes) {
  describeWith(
    { xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv'), aiosmtpd: hasProgram('aiosmtpd'), ...parts },
    name,
    () => {
      let place: Place;
      let server: SuperServer;
      const begin = async (settings = '') => {
        place = makePlace(settings);
        server = await startXinetd(place, options(place));
      };
      const script = (file: string) => {
        chownSync(place.use(`second-start/${file}`), 1, 1);
      };
      afterEach(async () => {
        await server.stop();
        place.remove();
      });

      it('hands the call over with all that came, however it came', async () => {
        await begin();
        script('all.js');
        const all = environment('all.js?q=1', { agi_callerid: 'J\xc3\xb6rg \xff"\\', agi_arg_1: 'one', agi_arg_2: '' });
        for (const pieces of [[all], [all.slice(0, 30), all.slice(30, 400), all.slice(400)]]) {
          const peer = openPeer(server.port, '');
          for (const piece of pieces) {
            peer.socket.write(piece, 'latin1');
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
          await peer.closed;
          expect(JSON.parse(variableSet(peer, 'all') ?? 'null')).toEqual([
            1,
            ['one', ''],
            'J\u00c3\u00b6rg \u00c3\u00bf"\\',
            '1',
            place.basedir,
            [],
          ]);
          expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
        }
      });

      it('tells the second start of a hangup that came with the request', async () => {
        await begin();
        script('gone.js');
        const peer = openPeer(server.port, `${environment('gone.js')}HANGUP\n`);
        await peer.closed;
        expect(variableSet(peer, 'gone')).toBe('true');
        expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
      });

      it('keeps its log, which the owner cannot open, and shows what debug mode shows', async () => {
        await begin('[phpagi]\ndebug = true');
        script('prints.js');
        const peer = openPeer(server.port, environment('prints.js'));
        await peer.closed;
        expect(place.log()).toMatch(/printed\n.*logged\n$/);
        expect(peer.commands.filter((command) => command.includes('fastagi: request'))).toHaveLength(1);
      });

      it('has no secrets that its user may not have, and yet mails through a server that needs one', async () => {
        const smtp = await startSmtp({ login: { user: 'mailer', password: 'hunter2' } });
        await begin(`[phpagi]\nadmin = admin@example.org\nsmtp = smtp://mailer:hunter2@127.0.0.1:${smtp.port}`);
        onTestFinished(async () => {
          await smtp.stop();
          forgetCountsInTrixie();
        });
        script('has-secrets.js');
        const seen = async (): Promise<string> => {
          const peer = openPeer(server.port, environment('has-secrets.js'));
          await peer.closed;
          return variableSet(peer, 'seen') ?? 'nothing';
        };
        expect(await seen()).toContain('hunter2');
        chmodSync(place.config, 0o640);
        expect(await seen()).not.toMatch(/hunter2|nothing/);
        await until('both mails', () => smtp.mails().length === 2);
        expect(place.log()).not.toMatch(/hunter2|could not be sent/);
      });

      it('refuses strangers, and names what is missing, before there is a second start', async () => {
        await begin('allow = 10.0.0.0/8');
        script('any.js');
        const peer = openPeer(server.port, environment('any.js'));
        await peer.closed;
        expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FORBIDDEN');
      });

      it('fails as everywhere, and hangs up as everywhere', async () => {
        await begin();
        script('fails.js');
        const peer = openPeer(server.port, environment('fails.js'));
        await peer.closed;
        expect(variableSet(peer, 'FASTAGIERROR')).toBe('Error: no database');
        const left = openPeer(server.port, environment('fails.js'), (line) => (line.startsWith('WAIT') ? undefined : politeAnswer(line)));
        await left.seen(/WAIT/);
        left.socket.destroy();
        await until('the processes to end', () => server.output().split('EXIT: ').length > 2);
      });
    },
  );
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, 'Debian 13': hasTrixie }, "a second start under Debian 13's own Node", () => {
  let place: Place;
  let server: SuperServer | undefined;
  beforeEach(() => {
    place = makePlace();
    chownSync(place.use('second-start/any.js'), 1, 1);
  });
  afterEach(async () => {
    await server?.stop();
    place.remove();
  });
  const call = async (before: string, at = programInTrixie) => {
    server = await startXinetd(place, { server: trixieNode(place, before), before: at });
    const peer = openPeer(server.port, environment('any.js'));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'ran')).toBeUndefined();
    return variableSet(peer, 'FASTAGIERROR');
  };

  it('that cannot be is an error that names the remedy: no setpriv', async () => {
    expect(await call('mount --bind /dev/null /usr/bin/setpriv')).toMatch(
      /setpriv, which could do it, is not there: apt-get install util-linux/,
    );
  });

  it('that cannot be is an error that names the remedy: a program that the owner cannot read', async () => {
    const hidden = 'mkdir -m 700 /mnt/hidden; mkdir /mnt/hidden/project; mount --bind /mnt/project /mnt/hidden/project';
    expect(await call(hidden, '/mnt/hidden/project/bin/fastagi')).toMatch(
      /the user may not read .*: install fastagi where everybody may read it/,
    );
  });

  it('serves classic AGI too: its pipes, its audio, SIGHUP, and its exit status', async () => {
    const run = (script: string, audio?: Buffer) => {
      const args = [programInTrixie, '--config', place.config, 'run', script, 'one'];
      return startClassic(place, trixieNode(place), args, classic({ agi_enhanced: audio ? '1.0' : '0.0' }), audio);
    };
    for (const name of ['who.js', 'bad.js', 'waits.js']) chownSync(place.use(`second-start/${name}`), 1, 1);
    const good = run('who.js', Buffer.alloc(1600));
    expect(await good.ended).toBe(0);
    expect(good.commands).toEqual(['SET VARIABLE "who" "1one1600"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(await run('bad.js').ended).toBe(1);
    const left = run('waits.js');
    await until('the script', () => left.commands.length > 0);
    left.child.kill('SIGHUP');
    expect(await left.ended).toBe(0);
    expect(left.commands).toContain('SET VARIABLE "FASTAGISTATUS" "HANGUP"');
  });

  it('is what check says, with the remedy; check loads each script as its owner', () => {
    const { stdout, status } = spawnSync(trixieNode(place), [programInTrixie, 'check', '--config', place.config], { encoding: 'utf8' });
    expect(stdout).toMatch(
      /warning: this Node \(\/usr\/bin\/node\) refuses to change users.*one start longer; use a Node with its own libuv/,
    );
    expect(stdout).toMatch(/any\.js +daemon:daemon +loads/);
    expect(status).toBe(0);
  });
});
