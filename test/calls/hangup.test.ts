import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet } from '../support/peer';
import { serveForAll } from '../support/served';
import { until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'a caller who hangs up', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('hangup_grace = 1', (served) => ({ place, server } = served));
  it.each([
    'streamFile("x")',
    'waitForDigit(-1)',
    'getData("x")',
    'exec("Dial", ["PJSIP/1"])',
    'recordFile("x", "gsm", "#", 1000).then(() => agi.noop()).then(() => agi.answer())',
  ])('in the middle of %s: the script gets to store its results', async (command) => {
    place.use('hangup/store.js');
    const peer = openPeer(server.port, environment('store.js', { agi_arg_1: `agi.${command}` }), (line) => {
      if (/^(STREAM|WAIT|GET DATA|EXEC|RECORD)/.test(line))
        return line.startsWith('RECORD') ? '200 result=-1 (hangup) endpos=800\nHANGUP\n' : '200 result=-1\nHANGUP\n';
      return /^(SET VARIABLE|DATABASE|NOOP)/.test(line) ? politeAnswer(line) : '511 Command Not Permitted on a dead channel\n';
    });
    await peer.closed;
    expect(variableSet(peer, 'thrown')).toBe('FASTAGI_HANGUP');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
    expect(peer.commands).toContain('DATABASE PUT "results" "kept" "truetrue"');
    expect(peer.commands.filter((line) => line.startsWith('VERBOSE'))).toEqual([]);
  });

  it('while the script awaits something else: the signal fires', async () => {
    place.use('hangup/idle.js');
    const peer = openPeer(server.port, environment('idle.js'));
    await peer.seen(/waits/);
    await new Promise((resolve) => setTimeout(resolve, 100));
    peer.socket.write('HANGUP\n');
    await peer.closed;
    expect(variableSet(peer, 'noticed')).toBe('FASTAGI_HANGUP');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('HANGUP');
  });

  it('before the script sends anything at all', async () => {
    place.use('hangup/silent.js');
    const peer = openPeer(server.port, environment('silent.js') + 'HANGUP\n');
    await peer.closed;
    expect(variableSet(peer, 'noticed')).toBe('true');
  });

  it('and whose connection closes at each point: the process ends', async () => {
    place.use('hangup/long.js');
    for (const after of [0, 1, 3]) {
      const peer = openPeer(server.port, environment('long.js'));
      let seen = 0;
      if (after === 0) peer.socket.end();
      else peer.socket.on('data', () => (++seen === after ? peer.socket.destroy() : undefined));
      await peer.closed;
    }
    await until('the processes to end', () => endsOf(server.output()) >= startsOf(server.output()));
  });

  it('a script that does not end after the connection closed is ended', async () => {
    place.use('hangup/stuck.js');
    const peer = openPeer(server.port, environment('stuck.js'));
    await peer.seen(/NOOP/);
    peer.socket.destroy();
    await until('the log', () => /had not ended 1 s after the caller hung up/.test(place.log()));
    await until('the process to end', () => endsOf(server.output()) >= startsOf(server.output()));
  });

  it('a command that nobody awaits does not end the script when the caller hangs up', async () => {
    place.use('hangup/floating.js');
    const peer = openPeer(server.port, environment('floating.js'), (line) =>
      line.startsWith('STREAM') ? '200 result=-1 endpos=1\nHANGUP\n' : politeAnswer(line),
    );
    await peer.closed;
    expect(peer.commands).toContain('DATABASE PUT "results" "kept" "yes"');
  });
});

const startsOf = (log: string): number => log.split('START: ').length;
const endsOf = (log: string): number => log.split('EXIT: ').length;
