import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { serveForAll } from '../support/served';
import { until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'bad input on the wire', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('environment_timeout = 1', (served) => ({ place, server } = served));
  beforeAll(() => {
    place.use('noop.cjs', 'ok.js');
  });
  afterAll(async () => {
    // Nothing that came must have left a process behind.
    await until('all processes to end', () => server.output().split('EXIT: ').length >= server.output().split('START: ').length);
    const alive = await new Promise<string>((resolve) => {
      const peer = openPeer(server.port, environment('ok.js'));
      void peer.closed.then(() => resolve(peer.commands[0] ?? ''));
    });
    expect(alive).toBe('NOOP');
  });

  /** Sends bytes, perhaps ends, and gives what came until the close. */
  function send(bytes: string, end = true): Promise<string> {
    return new Promise((resolve) => {
      let got = '';
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write(bytes, 'latin1');
        if (end) socket.end();
      });
      socket.on('data', (data) => (got += String(data)));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(got));
    });
  }

  it('no bytes: a port check leaves no line', async () => {
    expect(await send('')).toBe('');
    await until('its end', () => /EXIT: fastagi status=0/.test(server.output()));
    expect(place.log()).toBe('');
  });

  it.each([
    ['half an environment', 'agi_network: yes\nagi_req', /the connection ended after \d+ bytes, in the middle of the environment/],
    ['binary', '\x16\x03\x01\x02\0\x01\xfc\x03\x03\n\n', /the environment holds a NUL/],
    ['HTTP', 'GET / HTTP/1.1\r\n\r\n\n\n', /the environment begins with no "agi_name: value"/],
    ['a line without end', 'agi_x: '.padEnd(70_000, 'x'), /larger than 65536 bytes/],
  ])('%s: a clear line', async (_what, bytes, line) => {
    expect(await send(bytes)).toBe('');
    await until('the log', () => line.test(place.log()));
    expect(place.log()).toContain('127.0.0.1');
  });

  it('what begins as Asterisk begins is told why it ends: no stale FASTAGISTATUS', async () => {
    const peer = openPeer(server.port, 'agi_x: y\n'.repeat(116_000));
    await peer.closed;
    expect(peer.commands.slice(-3)).toEqual([
      'SET VARIABLE "FASTAGISTATUS" "FAILURE"',
      expect.stringMatching(/^SET VARIABLE "FASTAGIERROR" "the environment is larger than 65536 bytes/),
      expect.stringMatching(/^VERBOSE "fastagi: \(no script\): the environment is larger/),
    ]);
    const late = openPeer(server.port, 'agi_network: yes\nagi_network_script: ok.js\n');
    await late.closed;
    expect(late.commands[0]).toMatch(/^GET FULL VARIABLE "fastagi-/);
    expect(late.commands[1]).toBe('SET VARIABLE "FASTAGISTATUS" "FAILURE"');
    expect(late.commands.at(-1)).toMatch(/^VERBOSE "fastagi: ok.js: the environment was not complete after 1 s/);
  });

  it('a request of 60 kB makes no log of more than a few lines of its own size', async () => {
    const before = place.log().length;
    const peer = openPeer(server.port, environment(`${'x/'.repeat(30_000)}y.js`, { agi_channel: 'c'.repeat(2000) }));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).not.toBe('SUCCESS');
    expect(place.log().length - before).toBeGreaterThan(100);
    expect(place.log().length - before).toBeLessThan(20_000);
  });

  it('a client that never sends is given up', async () => {
    const lines = place.log().split('\n').length;
    await send('', false);
    await send('agi_network: yes\n', false);
    await until('the log', () => place.log().split('not complete after 1 s').length >= 3);
    expect(place.log().split('\n').length).toBeGreaterThan(lines);
  });

  it('an environment cut at each of many places loses nothing', async () => {
    const whole = environment('ok.js');
    await Promise.all(
      [1, 5, 100, 300, whole.length - 1].map(async (at) => {
        const peer = openPeer(server.port, whole.slice(0, at));
        setTimeout(() => peer.socket.write(whole.slice(at)), 60);
        await peer.closed;
        expect(peer.commands).toEqual(['NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
      }),
    );
  });

  it('an answer that is no reply ends the call, and says so', async () => {
    const peer = openPeer(server.port, environment('ok.js'), (line) => (line === 'NOOP' ? 'nonsense\nmore of it\n' : politeAnswer(line)));
    await peer.closed;
    await until('the log', () => /is no reply, but 8 bytes of something else/.test(place.log()));
    expect(peer.commands.map((line) => line.replace(/fastagi-\w+/, 'MARK'))).toEqual([
      'NOOP',
      'GET FULL VARIABLE "MARK"',
      'SET VARIABLE "FASTAGISTATUS" "FAILURE"',
      expect.stringMatching(/^SET VARIABLE "FASTAGIERROR" "Asterisk's answer is no reply/),
      expect.stringMatching(/^VERBOSE "fastagi: ok.js: Asterisk's answer is no reply/),
    ]);
  });

  it('replies byte by byte, replies of many packets', async () => {
    place.use('bad-input/value.js');
    const peer = openPeer(server.port, environment('value.js'), (line, { socket }) => {
      if (!line.startsWith('GET FULL')) return politeAnswer(line);
      const reply = `200 result=1 (${'0123456789'.repeat(2000)}${/fastagi-\w+/.exec(line)?.[0]})\n`;
      for (let at = 0; at < reply.length; at += 1000) setTimeout(() => socket.write(reply.slice(at, at + 1000)), at / 200);
      return undefined;
    });
    await peer.closed;
    expect(peer.commands).toContain('SET VARIABLE "length" "20000"');
  });
});
