import { chownSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, playOn, variableSet, type Peer } from '../support/peer';
import { makePlace, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'a peer or a program that does not do its part', () => {
  let place: Place;
  let server: SuperServer;
  const begin = async (settings = '') => {
    place = makePlace(settings);
    server = await startXinetd(place);
  };
  const running = () => server.output().split('START: ').length - server.output().split('EXIT: ').length;
  afterEach(async () => {
    try {
      await until('all processes to end', () => running() <= 0);
    } finally {
      await server.stop();
      place.remove();
    }
  });

  it('refused by allow: it learns the status and no reason, and has two seconds to answer', async () => {
    await begin('allow = 10.0.0.0/8\n[phpagi]\ndebug = true');
    const polite = openPeer(server.port, environment('any'));
    await polite.closed;
    expect(polite.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "FORBIDDEN"']);
    const silent = openPeer(server.port, environment('any'), () => undefined);
    await silent.closed;
    expect(silent.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "FORBIDDEN"']);
    expect(place.log()).toMatch(/calls from 127\.0\.0\.1 are not allowed/);
    expect(place.log()).toContain('Asterisk did not answer within 2 s');
  });

  it('a report that is not answered ends after some seconds', async () => {
    await begin('error_playback = sorry');
    const peer = openPeer(server.port, environment('missing'), () => undefined);
    await peer.closed;
    expect(peer.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "NOTFOUND"']);
    expect(place.log()).toContain('while reporting: Asterisk did not answer within 5 s, and the connection is closed');
  });

  /** The resident memory of the one call that runs, in MB. */
  const memory = async (): Promise<number> => {
    const pid = await until(
      'its pid',
      () =>
        /START: fastagi pid=(\d+)/.exec(
          server
            .output()
            .split('\n')
            .findLast((line) => line.includes('START')) ?? '',
        )?.[1],
    );
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  };

  const program = (file: string) => place.use(`limits/${file}`, 'program.sh');

  it('a program that writes more than the peer reads has to wait: memory stays', async () => {
    await begin();
    program('writes.sh');
    const socket: Socket = connect(server.port, '127.0.0.1');
    socket.write(environment('program.sh'));
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await memory()).toBeLessThan(130);
    socket.destroy();
  });

  it('a peer that sends more than the program reads has to wait: memory stays', async () => {
    await begin('hangup_grace = 0');
    program('reads-late.sh');
    const peer: Peer = playOn(connect(server.port, '127.0.0.1'), environment('program.sh'), () => undefined);
    await peer.seen(/NOOP/);
    const line = `200 result=0 ${'x'.repeat(60_000)}\n`;
    let sent = 0;
    const flood = (): void => {
      while (sent < 300_000_000 && peer.socket.write(line)) sent += line.length;
      peer.socket.once('drain', flood);
    };
    flood();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(await memory()).toBeLessThan(130);
    expect(sent).toBeLessThan(50_000_000);
    await peer.closed;
  });

  it('500 connections that stall at each stage: calls go on, and each of them ends', async () => {
    await begin('environment_timeout = 3\nallow = 127.0.0.1');
    place.use('limits/ok.js');
    place.use('limits/asks.js');
    chownSync(place.use('limits/waits.js'), 1, 1);
    const whole = environment('asks.js');
    const stages: [string, string, string][] = [
      ['127.0.0.1', 'nothing', ''],
      ['127.0.0.1', 'half an environment', whole.slice(0, 200)],
      ['127.0.0.2', 'a refusal', whole],
      ['127.0.0.1', 'a report', environment('missing')],
      ['127.0.0.1', 'a command', whole],
      ['127.0.0.1', 'a wait', environment('waits.js')],
    ];
    const stalled: Socket[] = [];
    for (let n = 0; n < 500; n++) {
      const [localAddress, , bytes] = stages[n % stages.length] as [string, string, string];
      const socket = connect({ port: server.port, host: '127.0.0.1', localAddress });
      socket.on('error', () => undefined);
      socket.write(bytes);
      stalled.push(socket);
      // xinetd takes 64 at once and forgets the others.
      if (n % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (let n = 0; n < 20; n++) {
      const peer = openPeer(server.port, environment('ok.js'));
      await peer.closed;
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    }
    // What waits for the caller has no limit; all others have ended by themselves.
    const lasting = stages.filter(([, stage]) => stage === 'a command' || stage === 'a wait').length;
    await until('the others to end', () => running() <= Math.ceil(500 / stages.length) * lasting);
    expect(running()).toBeGreaterThan(100);
    for (const socket of stalled) socket.destroy();
  }, 120_000);
});
