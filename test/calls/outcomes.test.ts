import { chmodSync, chownSync, copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, politeAnswer, variableSet, type Peer } from '../support/peer';
import { serveForAll } from '../support/served';
import { until, type Place, type SuperServer } from '../support/super-server';

const agiCommand =
  /^(VERBOSE|SET VARIABLE|GET FULL VARIABLE|GET VARIABLE|STREAM FILE|SET CONTEXT|SET EXTENSION|SET PRIORITY|NOOP|WAIT FOR DIGIT) ?/;

async function call(server: SuperServer, script: string, extra?: Record<string, string>): Promise<Peer> {
  const peer = openPeer(server.port, environment(script, extra), undefined, server.host);
  await peer.closed;
  return peer;
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'calls under xinetd as root', () => {
  let place: Place;
  let server: SuperServer;
  serveForAll('error_playback = sorry\nerror_goto = errors,s,1', (served) => ({ place, server } = served));
  it('serves the seed script', async () => {
    place.use('outcomes/test-agi.js');
    const peer = await call(server, 'test-agi');
    expect(peer.commands[0]).toBe('VERBOSE "cool, the FastAGI server has been called!" 1');
    expect(peer.commands.slice(1, 4)).toEqual(['VERBOSE "Array" 1', 'VERBOSE "(" 1', 'VERBOSE "    [agi_network] => yes" 1']);
    expect(peer.commands.slice(-2)).toEqual(['SET VARIABLE "test" "1111"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
  });

  it.each([
    ['CommonJS', 'kind-commonjs.cjs'],
    ['an ES module', 'kind-module.mjs'],
    ['top-level await', 'kind-top-level-await.mjs'],
    ['a transpiled module', 'kind-transpiled.cjs'],
    ['a function that is not async', 'kind-not-async.js'],
  ])('runs %s', async (_kind, name) => {
    place.use(`outcomes/${name}`);
    const peer = await call(server, name);
    expect(peer.commands).toEqual(['NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    expect(place.log()).not.toContain(name);
  });

  it('gives arguments and query', async () => {
    place.use('outcomes/args.js');
    const peer = await call(server, 'args.js?foo=b%20r', { agi_arg_1: 'one', agi_arg_2: 'arg:two' });
    expect(JSON.parse(variableSet(peer, 'got') ?? '')).toEqual([['one', 'arg:two'], 'b r', 'arg:two']);
  });

  it("hands well-formed text to the script whatever the caller's name is, and its bytes for writing back", async () => {
    place.use('outcomes/name.js');
    const latin = 'G\xfcnter';
    const cut = '\xc3\xa9'.repeat(40).slice(0, 79);
    for (const [name, shown] of [
      [latin, 'G%C3%BCnter'],
      [cut, `${'%C3%A9'.repeat(39)}%C3%83`],
    ] as const) {
      const peer = await call(server, 'name.js?name=G%FCnter', { agi_calleridname: name, agi_arg_1: name });
      expect(variableSet(peer, 'shown')).toBe(`${shown},${shown},G%C3%BCnter`);
      expect(variableSet(peer, 'back')).toBe(name);
      expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    }
  });

  it('reports an error whose message holds half a character', async () => {
    place.use('outcomes/half.js');
    const peer = await call(server, 'half.js');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    const reason = Buffer.from(variableSet(peer, 'FASTAGIERROR') ?? '', 'latin1').toString();
    expect(reason).toBe('Error: no \ufffd for G\\xfcnter \u{1f480}');
    expect(peer.commands.filter((line) => line.startsWith('VERBOSE "fastagi: half'))).toHaveLength(1);
    expect(place.log()).not.toContain('while reporting');
  });

  const nothing = (): void => undefined;
  const script = (name: string) => (): void => void place.use('outcomes/ran.cjs', name);
  const outside = (): void => copyFileSync(place.use('outcomes/ran.cjs'), join(place.dir, 'outside.js'));
  const inBasedir =
    (command: string, ...args: string[]) =>
    (): void =>
      void execFileSync(command, args, { cwd: place.basedir });
  const linked = (to: string, name: string) => (): void => {
    outside();
    inBasedir('ln', '-sfn', to, name)();
  };

  /** What is refused, and what has to be there for it to be refused for its own reason. */
  const refusals: readonly [status: string, request: string, need: () => void][] = [
    ['FORBIDDEN', '../outside.js', outside],
    ['FORBIDDEN', '%2e%2e/outside.js', outside],
    ['FORBIDDEN', 'sub/..%2f..%2foutside.js', outside],
    ['FORBIDDEN', '/etc/passwd', nothing],
    ['FORBIDDEN', 'sub//x.js', nothing],
    ['FORBIDDEN', 'x%00.js', nothing],
    ['FORBIDDEN', 'sub%5cx.js', nothing],
    ['FORBIDDEN', 'x%zz.js', nothing],
    ['FORBIDDEN', 'x%ff.js', nothing],
    ['FORBIDDEN', 'outlink.js', linked('../outside.js', 'outlink.js')],
    ['FORBIDDEN', 'dirlink/outside.js', linked('..', 'dirlink')],
    ['FORBIDDEN', 'sub', inBasedir('mkdir', '-p', 'sub')],
    ['FORBIDDEN', 'directory.js', inBasedir('mkdir', '-p', 'directory.js')],
    ['FORBIDDEN', 'fifo.js', inBasedir('mkfifo', 'fifo.js')],
    ['FORBIDDEN', 'device.js', inBasedir('mknod', 'device.js', 'c', '1', '5')],
    ['FORBIDDEN', 'text.txt', script('text.txt')],
    ['FORBIDDEN', '.hidden.js', script('.hidden.js')],
    [
      'FORBIDDEN',
      'node_modules/lib.js',
      () => {
        mkdirSync(join(place.basedir, 'node_modules'), { recursive: true });
        script('node_modules/lib.js')();
      },
    ],
    [
      'FORBIDDEN',
      'unreadable.js',
      () => {
        script('unreadable.js')();
        chownSync(join(place.basedir, 'unreadable.js'), 1234, 1234);
        chmodSync(join(place.basedir, 'unreadable.js'), 0o000);
      },
    ],
    ['NOTFOUND', 'missing.js', nothing],
    ['NOTFOUND', 'sub/missing', nothing],
    ['NOTFOUND', `${'x'.repeat(300)}.js`, nothing],
    ['NOTFOUND', '', nothing],
  ];

  it.each(refusals)('%s for %s, told to dialplan, console and log', async (status, request, need) => {
    need();
    const peer = await call(server, request);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe(status);
    expect(variableSet(peer, 'ran')).toBeUndefined();
    const reason = variableSet(peer, 'FASTAGIERROR') ?? '';
    expect(reason).not.toBe('');
    expect(peer.commands.filter((line) => line.startsWith('VERBOSE'))).toHaveLength(1);
    expect(peer.commands).toContain('STREAM FILE "sorry" ""');
    expect(peer.commands.slice(-3)).toEqual(['SET CONTEXT "errors"', 'SET EXTENSION "s"', 'SET PRIORITY "1"']);
    expect(place.log()).toContain(reason);
  });

  it('follows a link that stays inside', async () => {
    place.use('outcomes/real.js');
    symlinkSync('real.js', join(place.basedir, 'alias.js'));
    expect(variableSet(await call(server, 'alias.js'), 'ran')).toBe(join(place.basedir, 'real.js'));
  });

  it.each([
    ['throws', 'throws.js', /TypeError: boom/],
    ['throws no Error', 'throws-text.js', /something else than an Error was thrown: a text/],
    ['rejects unhandled', 'rejects.js', /Error: lost/],
    ['throws in a timer', 'throws-in-timer.js', /Error: late/],
    ['has a syntax error', 'wrong-syntax.js', /cannot be loaded: SyntaxError/],
    ['throws while it is loaded', 'throws-at-load.js', /cannot be loaded: Error: at the top/],
    ['exports nothing', 'exports-nothing.js', /exports no function by default/],
    ['exits', 'exits-with-3.js', /called process.exit\(3\)/],
  ])('FAILURE for a script that %s', async (_what, name, reason) => {
    place.use(`outcomes/${name}`);
    const peer = await call(server, name);
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(reason);
    expect(peer.commands.filter((line) => line.startsWith('VERBOSE'))).toHaveLength(1);
    for (const command of peer.commands) expect(command).toMatch(agiCommand);
    await until('the log', () => reason.test(place.log()));
  });

  it('takes process.exit() for the end of the script', async () => {
    place.use('outcomes/exits.js');
    const peer = await call(server, 'exits.js');
    expect(peer.commands).toEqual(['NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
  });

  it.each([
    ['at once', 'exits-with-4.js', 'finally'],
    ['in a timer', 'exits-in-timer.js', ''],
  ])('reports process.exit() %s as any other failure, and runs nothing behind it', async (_when, name, logged) => {
    place.use(`outcomes/${name}`);
    const peer = await call(server, name);
    expect(peer.commands).toEqual([
      'SET VARIABLE "FASTAGISTATUS" "FAILURE"',
      'SET VARIABLE "FASTAGIERROR" "the script called process.exit(4)"',
      `VERBOSE "fastagi: ${name}: the script called process.exit(4)" 1`,
      'STREAM FILE "sorry" ""',
      'SET CONTEXT "errors"',
      'SET EXTENSION "s"',
      'SET PRIORITY "1"',
    ]);
    await until('the log', () => place.log().includes(logged));
    expect(place.log()).not.toContain('behind');
  });

  /** What belongs together is given up together: the reason on the console, and the place to go on at. */
  it.each<[refused: string, givenUp: string[]]>([
    ['SET VARIABLE "FASTAGISTATUS"', []],
    ['SET VARIABLE "FASTAGIERROR"', ['VERBOSE "fastagi:']],
    ['VERBOSE', []],
    ['STREAM FILE', []],
    ['SET CONTEXT', ['SET EXTENSION', 'SET PRIORITY']],
  ])('does what is left of a report where Asterisk refuses %s', async (refused, givenUp) => {
    place.use('outcomes/throws-again.js');
    const peer = openPeer(server.port, environment('throws-again.js'), (line) =>
      line.startsWith(refused) ? '510 Invalid or unknown command\n' : politeAnswer(line),
    );
    await peer.closed;
    const steps = ['SET VARIABLE', 'SET VARIABLE', 'VERBOSE "fastagi:', 'STREAM FILE', 'SET CONTEXT', 'SET EXTENSION', 'SET PRIORITY'];
    expect(peer.commands.map((line) => line.split(' ', 2).join(' '))).toEqual(steps.filter((step) => !givenUp.includes(step)));
  });

  it('plays nothing to a caller who is gone, and sends nobody on', async () => {
    place.use('outcomes/after-all.js');
    const peer = openPeer(server.port, environment('after-all.js'), (line) =>
      line === 'NOOP' ? '200 result=0\nHANGUP\n' : politeAnswer(line),
    );
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toBe('Error: too late');
    expect(peer.commands.filter((line) => /^(STREAM|SET (CONTEXT|EXTENSION|PRIORITY))/.test(line))).toEqual([]);
  });

  it('takes a script that hung up itself and returned for a success', async () => {
    place.use('outcomes/hangs-up.js');
    const peer = await call(server, 'hangs-up.js');
    expect(peer.commands).toEqual(['HANGUP', 'SET VARIABLE "hungUp" "true"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
  });

  it.each([
    ['its name', "agi.hangup(agi.request['agi_channel'])", 'SUCCESS'],
    ['its name in other letters', "agi.hangup('pjsip/100-00000001')", 'SUCCESS'],
    ['its unique id', "agi.hangup(agi.request['agi_uniqueid'])", 'SUCCESS'],
    ['its name, in a line of its own', "agi.evaluate('hangup PJSIP/100-00000001')", 'SUCCESS'],
    ['the name of another', "agi.hangup('PJSIP/200-00000002')", 'HANGUP'],
  ])('takes a script that hung up its channel by %s for: %s, %s', async (_by, how, status) => {
    place.use('outcomes/by-name.js');
    // The notice comes behind the answer; NOOP is answered on a dead channel too.
    const peer = openPeer(server.port, environment('by-name.js', { agi_arg_1: how }), (line) =>
      /^hangup/i.test(line) ? '200 result=1\nHANGUP\n' : politeAnswer(line),
    );
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe(status);
  });

  it('lets nothing but commands reach the wire', async () => {
    place.use('outcomes/noisy.js');
    const peer = await call(server, 'noisy.js');
    expect(peer.commands).toEqual(['NOOP "end"', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
    const log = await until('the log', () => /noise 5/.test(place.log()) && place.log());
    for (let n = 1; n <= 11; n++) expect(log).toContain(`noise ${n}`);
  });
});
