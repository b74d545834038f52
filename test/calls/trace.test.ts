import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCassette } from '../../src/tape/cassette-text';
import { parseMessage } from '../../src/tape/trace-text';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer } from '../support/peer';
import { program, runtime, startXinetd, stopProcess, until, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, startListen } from '../support/workers';

let place: Place;
let socket: string;
let server: SuperServer | undefined;
const watchers: ChildProcess[] = [];
beforeEach(() => {
  place = makeWorkersPlace('workers = 1');
  const directory = join(place.dir, 'run');
  mkdirSync(directory);
  socket = join(directory, 'trace.sock');
  writeFileSync(place.config, readFileSync(place.config, 'utf8').replace('[fastagi]', `[fastagi]\ntrace_socket = ${socket}`));
  place.script(
    'menu.js',
    "module.exports = async (agi) => { await agi.waitForDigit(5000); await agi.setVariable('N', agi.args[0] ?? ''); };",
  );
  place.script('other.js', "module.exports = (agi) => agi.setVariable('OTHER', '1');");
});
afterEach(async () => {
  for (const watcher of watchers.splice(0)) await stopProcess(watcher);
  await server?.stop();
  server = undefined;
  place.remove();
});

/** `fastagi trace`, and what it prints. */
async function watch(...args: string[]): Promise<{ said: () => string; stop: () => Promise<void> }> {
  const child = spawn(runtime, [program, 'trace', '--config', place.config, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  watchers.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('the watcher', () => existsSync(socket) && said.includes('Watching'));
  return {
    said: () => said,
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

async function call(script: string, extra: Record<string, string> = {}): Promise<void> {
  const peer = openPeer(server?.port ?? 0, environment(script, extra));
  await peer.closed;
}

const linesOf = (said: string): string[] => said.trimEnd().split('\n');

const kinds = [
  ['workers', true, async () => startListen(place)],
  ['processes that xinetd starts', hasProgram('xinetd'), async () => startXinetd(place)],
] as const;

describe.each(kinds)('fastagi trace of %s', (_kind, isThere, start) => {
  it.runIf(isThere)('shows a call as a ladder, from its beginning to its end', async () => {
    server = await start();
    const { said, stop } = await watch();
    await call('menu.js', { agi_arg_1: 'Bäcker' });
    await until('its end', () => said().includes('(SUCCESS)'));
    expect(
      linesOf(said())
        .slice(1)
        .map((line) => line.replace(/ +\d+\.\d( [<-]|$)/, '$1')),
    ).toEqual([
      expect.stringMatching(/^Asterisk +s {4}script$/),
      expect.stringMatching(/^── PJSIP\/100-00000001 menu\.js from 127\.0\.0\.1, process \d+$/),
      expect.stringMatching(/^ *<- WAIT FOR DIGIT 5000$/),
      '200 result=0 ->',
      expect.stringMatching(/^ *<- SET VARIABLE "N" "Bäcker"$/),
      '200 result=1 ->',
      expect.stringMatching(/^ *<- SET VARIABLE "FASTAGISTATUS" "SUCCESS"$/),
      '200 result=1 ->',
      expect.stringMatching(/^ {2}\(SUCCESS\)$|^ {2}the connection ended$/),
      ...(said().includes('the connection ended') ? ['  (SUCCESS)'] : []),
    ]);
    await stop();
    expect(existsSync(socket)).toBe(false);
  });

  it.runIf(isThere)('shows a call that was under way before', async () => {
    server = await start();
    const peer = openPeer(server.port, environment('menu.js'), () => undefined);
    await peer.seen(/^WAIT FOR DIGIT/);
    const { said } = await watch('--text');
    await until('the call', () => said().includes('(what was said before this was not watched)'));
    expect(said()).toContain('agi_network_script: menu.js');
    peer.socket.destroy();
    await until('its end', () => said().includes('. HANGUP'));
  });
});

describe('what fastagi trace shows', () => {
  beforeEach(async () => {
    server = await startListen(place);
  });

  it.each([
    [['--script', 'menu'], 'menu.js', 'other.js'],
    [['--channel', 'PJSIP/1'], 'menu.js', 'other.js'],
    [['--peer', '127.0.0.1', '--script', 'menu.js'], 'menu.js', 'other.js'],
  ])('is chosen by %j', async (filter, shown, not) => {
    const { said } = await watch('--json', ...filter);
    await call(not, { agi_channel: 'PJSIP/200' });
    await call(shown);
    const entries = await until('the end', () => {
      const all = linesOf(said()).slice(1).filter((line) => line.startsWith('{') && line.endsWith('}')); // prettier-ignore
      return all.some((line) => line.includes('"kind":"."')) ? all.map((line) => JSON.parse(line) as Record<string, unknown>) : undefined;
    });
    expect(new Set(entries.map(({ script }) => script))).toEqual(new Set([shown]));
    expect(entries[0]).toMatchObject({
      channel: 'PJSIP/100-00000001',
      peer: '127.0.0.1',
      kind: '<',
      text: 'agi_network: yes',
      at: expect.any(Number) as number,
    });
  });

  it('is recorded as other calls are', async () => {
    const tapes = join(place.dir, 'tapes');
    const { said } = await watch('--record', tapes);
    await call('menu.js', { agi_arg_1: 'x' });
    await until('the end', () => said().includes('(SUCCESS)'));
    const [name = ''] = readdirSync(tapes);
    const file = join(tapes, name);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseCassette(readFileSync(file, 'latin1')).head.script).toBe(join(place.basedir, 'menu.js'));
    const { stdout } = spawnSync(runtime, [program, 'replay', file], { encoding: 'utf8' });
    expect(stdout).toMatch(/as recorded, 3 lines/);
  });

  it('is shown by one at a time', async () => {
    await watch();
    const { status, stderr } = spawnSync(runtime, [program, 'trace', '--config', place.config], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 100, stderr: expect.stringContaining('another fastagi trace watches at') as string });
  });
});

describe('a call that is watched', () => {
  beforeEach(async () => {
    server = await startListen(place);
  });

  /** Somebody who watches. @param owner whose the socket is */
  async function watcher(owner = process.geteuid?.() ?? 0) {
    const messages: string[] = [];
    let isReading = false;
    let begun = 0;
    const own = createServer((from) => {
      begun += 1;
      from.on('error', () => undefined);
      let text = '';
      const read = () => from.setEncoding('utf8').on('data', (piece: string) => {
        const lines = (text + piece).split('\n');
        text = lines.pop() ?? '';
        messages.push(...lines);
      }); // prettier-ignore
      if (isReading) read();
      else readers.push(read);
    });
    const readers: (() => unknown)[] = [];
    own.listen(socket);
    await once(own, 'listening');
    chmodSync(socket, 0o666);
    if (isRoot) chownSync(socket, owner, owner);
    return {
      messages,
      begun: () => begun,
      read() {
        isReading = true;
        for (const read of readers) read();
      },
      close: () => own.close(),
    };
  }

  it('waits for nobody: lines are dropped, and counted', async () => {
    place.script('floods.js', "module.exports = async (agi) => { for (let i = 0; i < 6000; i++) await agi.noop('x'.repeat(200)); };");
    const slow = await watcher();
    await call('floods.js');
    expect(slow.messages).toEqual([]);
    slow.read();
    const dropped = await until('what was dropped', () => {
      const all = slow.messages.map(parseMessage);
      return all.flatMap((message) => (message?.kind === 'dropped' ? [message.lines] : [])).at(0);
    });
    slow.close();
    expect(dropped).toBeGreaterThan(1000);
  });

  it.runIf(isRoot)('shows itself to nobody but root and its own user', async () => {
    const foreign = await watcher(48_912);
    await call('menu.js');
    await call('menu.js');
    expect(foreign.begun()).toBe(0);
    foreign.close();
  });
});

describeWith({ root: isRoot }, 'the socket of fastagi trace', () => {
  it('takes what any process says for what it is', async () => {
    server = await startListen(place);
    const { said } = await watch();
    const head = { fastagi: '', asterisk: '', script: '', name: '', sha256: '', begun: '' };
    const begin = JSON.stringify({ kind: 'call', call: { channel: '\x1b[31mevil', script: 'a\nb', peer: '', pid: 1, head } });
    const entry = JSON.stringify({ kind: 'entry', entry: { at: 0, kind: '>', text: 'X\n\x1b]0;evil' } });
    const empty = JSON.stringify({ kind: 'entry', entry: { at: 0, kind: '<', text: '' } });
    for (const text of [`${begin}\n${empty}\n${entry}\nnonsense\n`, 'x'.repeat(1_100_000)]) {
      const bad = connect(socket).on('error', () => undefined);
      const closed = new Promise((resolve) => bad.once('close', resolve));
      bad.write(text);
      await closed;
    }
    await call('other.js');
    await until('the end', () => said().includes('(SUCCESS)'));
    expect(said()).not.toContain('\x1b');
    expect(said()).toContain('\\x1b[31mevil a\\x0ab');
  });
});
