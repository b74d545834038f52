import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyPackage } from '../support/own-package';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { isBun, makePlace, program, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv') }, 'the exit status, as xinetd sees it', () => {
  let place: Place;
  let server: SuperServer | undefined;
  beforeEach(() => {
    place = makePlace('environment_timeout = 1');
    place.use('ok.cjs');
    place.use('exit-status/throws.cjs');
  });
  afterEach(async () => {
    await server?.stop();
    place.remove();
  });

  /** Of the first call, or the signal that ended it, below 0; the look whether the port is open ends with 0. */
  async function after(first: string, options: Parameters<typeof startXinetd>[1] = {}, end = false): Promise<[status: number, Peer]> {
    server = await startXinetd(place, options);
    const { output } = server;
    const ends = () =>
      [...output().matchAll(/EXIT: fastagi (status=|signal=)(\d+)/g)].map(([, what, number]) =>
        what === 'signal=' ? -Number(number) : Number(number),
      );
    await until('the look at the port to end', () => ends().length === 1);
    expect(ends()).toEqual([0]);
    const peer = openPeer(server.port, first);
    if (end) peer.socket.end();
    await peer.closed;
    await until('the end', () => ends().length === 2);
    return [ends()[1] ?? -1, peer];
  }

  it('0 after a success, and after a script that failed: the dialplan was told', async () => {
    expect((await after(environment('ok.cjs')))[0]).toBe(0);
    await server?.stop();
    writeFileSync(join(place.dir, 'xinetd.log'), '');
    expect((await after(environment('throws.cjs')))[0]).toBe(0);
  });

  it.each([
    ['cuts its environment', 'agi_network: yes\n', true],
    ['falls silent in its environment', 'agi_network: yes\n', false],
    ['sends too much', 'x'.repeat(70_000), false],
    ['is no Asterisk', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', false],
  ])("0 after a peer's fault, which nobody here can mend: it %s", async (_what, first, end) => {
    expect((await after(first, {}, end))[0]).toBe(0);
  });

  it('and none after one that says nothing more: under Node no exit would end a thread that waits for its bytes', async () => {
    expect((await after('nothing'))[0]).toBe(isBun ? 0 : -9);
  });

  it("100 after the operator's mistake", async () => {
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\nsetuid = perhaps\n`);
    expect((await after(environment('ok.cjs')))[0]).toBe(100);
  });

  it('111 where the system refuses', async () => {
    const weak = join(place.dir, 'weak-root');
    writeFileSync(weak, `#!/bin/sh\nexec setpriv --bounding-set=-setuid,-setgid --inh-caps=-setuid,-setgid "${program}" "$@"\n`, {
      mode: 0o755,
    });
    const [status, peer] = await after(environment('ok.cjs'), { server: weak });
    expect(status).toBe(111);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
  });

  it('101 after a defect of ours, and the call is reported', async () => {
    const copy = join(place.dir, 'program');
    copyPackage(copy);
    // Locating a script fails as nobody foresaw.
    const text = readFileSync(join(copy, 'dist/call.js'), 'utf8');
    const broken = text.replace(/function locateScript\(([^)]*)\)\{/, 'function locateScript($1){null.x;');
    expect(broken).not.toBe(text);
    writeFileSync(join(copy, 'dist/call.js'), broken);
    const [status, peer] = await after(environment('ok.cjs'), { server: process.execPath, before: join(copy, 'bin/fastagi') });
    expect(status).toBe(101);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(place.log()).toMatch(/TypeError: Cannot read properties of null/);
  });
});
