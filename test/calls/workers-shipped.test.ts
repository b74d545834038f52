import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/ports.mjs';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { program, project, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, stopWithChildren, untilListens } from '../support/workers';

/*
 * The files that the project ships for workers, started by what they are for.
 */

let place: Place;
let server: SuperServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
  place.remove();
});

const shipped = (name: string): string => readFileSync(join(project, name), 'utf8');

function makePlace(): void {
  place = makeWorkersPlace('workers = 2');
  place.script('x.mjs', "export default async (fastagi) => { await fastagi.setVariable('uid', String(process.getuid())); };\n");
}

async function serves(): Promise<void> {
  const peers = Array.from({ length: 10 }, () => openPeer(server?.port ?? 0, environment('x.mjs')));
  for (const peer of peers) {
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
  }
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'xinetd/fastagi', () => {
  it('serves calls in workers, once its second form is switched on', async () => {
    makePlace();
    const port = await freePort();
    const text = shipped('xinetd/fastagi')
      .replace(/disable( +)= no/, 'disable$1= yes')
      .replace(/(id += fastagi-workers\n\tdisable +)= yes\n#(\ttype.*\n)#(\tport +=).*/, `$1= no\n$2$3 ${port}`)
      .replaceAll('/usr/local/bin/fastagi', program)
      .replace(/(server_args +=) listen/, `$1 listen --config ${place.config}`);
    const file = join(place.dir, 'xinetd.conf');
    writeFileSync(file, text);
    const child = spawn('xinetd', ['-f', file, '-dontfork', '-pidfile', join(place.dir, 'pid')], {
      stdio: 'ignore',
      env: { PATH: `${process.env['PATH']}:/usr/sbin` },
    });
    server = { port, host: '127.0.0.1', output: () => '', stop: () => stopWithChildren(child) };
    await untilListens(port);
    await serves();
    expect(place.log()).toContain(`listens on 127.0.0.1:${port}`);
  });
});

describeWith({ 'systemd-socket-activate': hasProgram('systemd-socket-activate'), root: isRoot }, 'systemd/fastagi-workers', () => {
  it('serves calls as the user of the unit, with no right that the unit takes away', async () => {
    makePlace();
    const port = await freePort();
    const unit = shipped('systemd/fastagi-workers.service');
    const start = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.replace('/usr/local/bin/fastagi', program).split(' ') ?? [];
    expect(start.at(-1)).toBe('listen');
    // As systemd has it: another user, no capability, no way to more.
    const as = ['setpriv', '--reuid=1', '--regid=1', '--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs', '--'];
    const child = spawn(
      as[0] ?? '',
      [...as.slice(1), 'systemd-socket-activate', '--listen', `127.0.0.1:${port}`, ...start, '--config', place.config],
      {
        stdio: ['ignore', 'ignore', 'ignore'],
        env: { PATH: process.env['PATH'] ?? '' },
      },
    );
    appendFileSync(place.config, `log = ${join(place.out, 'log')}\n`);
    server = { port, host: '127.0.0.1', output: () => '', stop: () => stopWithChildren(child) };
    await untilListens(port);
    await serves();
  });
});

describe('the units', () => {
  it.runIf(hasProgram('systemd-analyze'))('are what systemd understands, and exposed to little', () => {
    makePlace();
    const names = ['systemd/fastagi-workers.socket', 'systemd/fastagi-workers.service', 'systemd/fastagi-async@.service'];
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...names], { cwd: project, encoding: 'utf8' });
    // The program lies elsewhere here.
    expect(stderr.split('\n').filter((line) => /fastagi/.test(line) && !/is not executable: No such file/.test(line))).toEqual([]);
    for (const service of names.slice(1)) {
      const text = execFileSync('systemd-analyze', ['security', '--no-pager', '--offline=true', service], {
        cwd: project,
        encoding: 'utf8',
      });
      expect(Number(/exposure level for \S+: ([\d.]+)/.exec(text)?.[1])).toBeLessThan(3);
    }
  });
});
