import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/ports.mjs';
import { describeWith, hasProgram } from '../support/parts';
import { heldCall } from '../support/opened-workers';
import { environment, openPeer, type Peer } from '../support/peer';
import { program, project, runtime, until, type Place } from '../support/super-server';
import { makeWorkersPlace, startListen, type Listening, type ListenOptions } from '../support/workers';

let place: Place;
let server: Listening;
let metrics: string;
afterEach(async () => {
  await server.stop();
  place.remove();
});

async function open(settings = '', options: ListenOptions = {}): Promise<void> {
  const port = await freePort();
  metrics = `http://127.0.0.1:${port}`;
  place = makeWorkersPlace(`workers = 2\nmetrics = 127.0.0.1:${port}\n${settings}`);
  place.script('x.mjs', 'export default async (fastagi) => { await fastagi.answer(); await fastagi.waitForDigit(-1); };\n');
  place.script('fails.mjs', "export default async () => { throw new Error('the number 493012345678 is wrong'); };\n");
  server = await startListen(place, options);
}

const hold = (): Promise<Peer> => heldCall(server, undefined, { agi_channel: 'PJSIP/4930123456-00000001', agi_callerid: '4930987654321' });

async function call(script: string): Promise<void> {
  await openPeer(server.port, environment(script)).closed;
}

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`${metrics}${path}`);
  return { status: answer.status, text: await answer.text() };
};

/** The value of a line of metrics. */
async function sample(line: string): Promise<number | undefined> {
  const found = (await get('/metrics')).text.split('\n').find((one) => one.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
}

describe('fastagi status', () => {
  const status = (...args: string[]) => spawnSync(runtime, [program, 'status', '--config', place.config, ...args], { encoding: 'utf8' });

  it('shows limits, calls and workers, with the last digits of numbers only', async () => {
    await open('max_calls = 7\nmax_calls_per_peer = 6');
    const held = await hold();
    await call('fails.mjs');
    await expect.poll(() => status().stdout, { timeout: 5000 }).toContain('calls ended     1: FAILURE 1');
    const { stdout } = status();
    expect(stdout).toContain(`on 127.0.0.1:${server.port}`);
    expect(stdout).toContain('calls now       1 of 7 (max_calls), 6 from one address (max_calls_per_peer)');
    expect(stdout).toMatch(/oldest call {5}\d+ s, PJSIP\/\.\.\.456-\.\.\.001 x\.mjs/);
    expect(stdout).toMatch(/workers {9}2 of 2 wanted, 10 at most/);
    expect(stdout.match(/ serving /g)).toHaveLength(2);
    const json = JSON.parse(status('--json').stdout) as { calls: { now: number; limit: number }; running: unknown[] };
    expect(json.calls).toMatchObject({ now: 1, limit: 7 });
    expect(json.running).toHaveLength(1);
    held.socket.write('200 result=49\n');
  });

  it('answers on a socket that nobody else can open', async () => {
    await open();
    expect(statSync(join(place.out, 'status.sock')).mode & 0o777).toBe(0o600);
  });

  it('says what to do if nobody answers', async () => {
    await open();
    const { status: code, stderr } = spawnSync(runtime, [program, 'status', '--config', '/dev/null'], { encoding: 'utf8' });
    expect([code, stderr]).toEqual([111, expect.stringMatching(/nobody answers on .*: .*; start the workers/)]);
  });
});

describe('metrics', () => {
  it('count calls by script and status, refusals by reason, and have no label that a caller chose', async () => {
    await open('max_calls = 2');
    const held = [await hold(), await hold()];
    await call('x.mjs');
    for (const { socket } of held) socket.write('200 result=49\n');
    await Promise.all(held.map(({ closed }) => closed));
    await expect.poll(() => sample('fastagi_calls_active')).toBe(0);
    await call('fails.mjs');
    await call('493055555555/not-there');
    await expect.poll(() => sample('fastagi_calls_total{script="fails.mjs",status="FAILURE"}'), { timeout: 5000 }).toBe(1);
    await expect.poll(() => sample('fastagi_calls_total{script="",status="NOTFOUND"}'), { timeout: 5000 }).toBe(1);
    // Each worker tells of its own calls, in its own time.
    await expect.poll(() => sample('fastagi_call_duration_seconds_count'), { timeout: 5000 }).toBe(4);
    expect(await sample('fastagi_calls_total{script="x.mjs",status="SUCCESS"}')).toBe(2);
    expect(await sample('fastagi_calls_refused_total{reason="max_calls"}')).toBe(1);
    expect(await sample('fastagi_calls_limit')).toBe(2);
    expect(await sample('fastagi_workers{state="serving"}')).toBe(2);
    expect(await sample('fastagi_draining')).toBe(0);
    expect(await sample('fastagi_accept_queue')).toBe(0);
    expect(await sample('fastagi_first_command_seconds_count')).toBe(4);
    expect(await sample('fastagi_command_duration_seconds_count{command="ANSWER"}')).toBe(2);
    const { text } = await get('/metrics');
    expect(text).not.toMatch(/PJSIP|4930/);
    expect(text).toMatch(/^fastagi_build_info\{version="[\d.]+",node="v/m);
  });

  it('have all that the dashboard for Grafana asks for, with its labels', async () => {
    await open();
    await call('fails.mjs');
    await expect.poll(() => sample('fastagi_call_duration_seconds_count'), { timeout: 5000 }).toBe(1);
    process.kill(server.workers()[0] ?? 0, 'SIGKILL');
    await expect.poll(() => sample('fastagi_worker_exits_total{reason="died"}')).toBe(1);
    const { text } = await get('/metrics');
    const dashboard = JSON.parse(readFileSync(join(project, 'grafana/fastagi.json'), 'utf8')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const asked = expressions.flatMap((expr) => [...expr.matchAll(/fastagi_\w+/g)].map(([name]) => name));
    expect([...new Set(asked)].filter((name) => !new RegExp(`^${name}[{ ]`, 'm').test(text))).toEqual([]);
    const labels = expressions.flatMap((expr) => {
      const [name] = /fastagi_\w+/.exec(expr) ?? [''];
      const by = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ') ?? [];
      return by.filter((label) => label !== 'instance').map((label) => [name, label] as const);
    });
    expect(labels.filter(([name, label]) => !new RegExp(`^${name}\\{[^}]*${label}="`, 'm').test(text))).toEqual([]);
    expect([asked.length, labels.length]).toEqual([19, 13]);
  });

  it('count workers that died', async () => {
    await open();
    process.kill(server.workers()[0] ?? 0, 'SIGKILL');
    await expect.poll(() => sample('fastagi_worker_exits_total{reason="died"}')).toBe(1);
  });

  it('say what Prometheus can read', async () => {
    await open();
    const { text } = await get('/metrics');
    expect(text.endsWith('\n')).toBe(true);
    const line = /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (?:[\d.e+-]+))$/;
    expect(
      text
        .trimEnd()
        .split('\n')
        .filter((one) => !line.test(one)),
    ).toEqual([]);
  });
});

describe('health', () => {
  it('is well and ready, and no longer ready as soon as it ends', async () => {
    await open('drain = 20');
    expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
    expect(await get('/readyz')).toEqual({ status: 200, text: 'ok\n' });
    const held = await hold();
    server.child.kill('SIGTERM');
    await expect.poll(() => get('/readyz')).toEqual({ status: 503, text: 'it is draining\n' });
    expect((await get('/healthz')).status).toBe(200);
    expect(await sample('fastagi_draining')).toBe(1);
    held.socket.write('200 result=49\n');
    await held.closed;
  });

  it('knows nothing else, and changes nothing', async () => {
    await open();
    expect((await get('/etc/passwd')).status).toBe(404);
    expect((await fetch(`${metrics}/metrics`, { method: 'POST' })).status).toBe(405);
  });

  it('answers HAProxy with how many calls could come, in percent, and drains with the service', async () => {
    const port = await freePort();
    await open('max_calls = 4\ndrain = 20', { args: ['--agent-check', `127.0.0.1:${port}`] });
    const ask = async (): Promise<string> => {
      const socket = connect(port, '127.0.0.1').setEncoding('utf8');
      let text = '';
      socket.on('data', (piece: string) => (text += piece));
      await once(socket, 'end');
      return text;
    };
    expect(await ask()).toBe('ready 100%\n');
    const held = await hold();
    expect(await ask()).toBe('ready 75%\n');
    server.child.kill('SIGTERM');
    await expect.poll(ask).toBe('drain\n');
    held.socket.write('200 result=49\n');
    await held.closed;
  });
});

describeWith({ 'systemd-notify': hasProgram('systemd-notify'), python3: hasProgram('python3') }, 'systemd', () => {
  it('is told when it is ready, that it is alive, and that it ends', async () => {
    const dir = mkdtempSync('/tmp/fastagi-notify-');
    chmodSync(dir, 0o755);
    const socket = join(dir, 'notify');
    const listener = spawn('python3', ['-uc', notified, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    listener.stdout.on('data', (piece) => (text += String(piece)));
    try {
      await until('the listener', () => text.includes('listens'));
      await open('', { env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' } });
      await until('the sign of life', () => /READY=1[^]*WATCHDOG=1/.test(text));
      server.child.kill('SIGHUP');
      await until('the reload', () => /RELOADING=1[^]*READY=1/.test(text));
      server.child.kill('SIGTERM');
      await until('the end', () => text.includes('STOPPING=1'));
    } finally {
      listener.kill();
      rmSync(dir, { recursive: true });
    }
  });
});

const notified = `
import socket, sys, os
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1]); os.chmod(sys.argv[1], 0o777)
print('listens')
while True: print(s.recv(4096).decode())
`;

describeWith({ chromium: hasProgram('chromium') }, 'the page', () => {
  it('shows calls, workers, limits and failures in a browser', async () => {
    await open('max_calls = 9');
    const held = await hold();
    await call('fails.mjs');
    await expect.poll(() => sample('fastagi_calls_total{script="fails.mjs",status="FAILURE"}'), { timeout: 5000 }).toBe(1);
    const html = execFileSync(
      'chromium',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--virtual-time-budget=3000',
        `--user-data-dir=${place.out}/chromium`,
        '--dump-dom',
        `${metrics}/`,
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 },
    );
    expect(html).toContain('<span id="state" class="good">ready</span>');
    expect(html).toContain('<b>1 of 9</b>');
    expect(html).toMatch(/<td class="wide">PJSIP\/\.\.\.456-\.\.\.001<\/td><td class="wide">x\.mjs<\/td>/);
    expect(html).toContain('the number ...678 is wrong');
    expect(html.match(/<td class="wide">serving<\/td>/g)).toHaveLength(2);
    expect(html).not.toMatch(/4930|987654/);
    held.socket.write('200 result=49\n');
  });
});

it('nothing of the page comes from elsewhere', async () => {
  await open();
  const { text } = await get('/');
  expect(text).toContain('<title>fastagi</title>');
  expect(text).not.toMatch(/https?:\/\/|src=|innerHTML|@import/);
});
