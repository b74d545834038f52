import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '../../scripts/ports.mjs';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { childrenOf } from '../support/processes';
import { makePlace, program, project, runtime, until, type Place } from '../support/super-server';

let place: Place;
let kill: () => void = () => undefined;
afterEach(() => {
  kill();
  place.remove();
});

describeWith({ unshare: hasProgram('unshare'), root: isRoot }, 'in a container', () => {
  it('serves calls as process 1, as any user, on a root that nobody may write, with its log as JSON', async () => {
    place = makePlace('workers = 2\nlog_format = json\nlog_calls = true\nlog =\nsetuid = false\nstatus_socket = /tmp/status.sock');
    place.script(
      'x.mjs',
      "export default async (fastagi) => { console.log('printed'); await fastagi.setVariable('who', process.getuid() + ' ' + process.ppid); };\n",
    );
    const port = await freePort();
    const mounts = `mount --bind ${place.dir} ${place.dir} && mount -t tmpfs -o mode=1777 tmpfs /dev/shm && mount -o remount,ro,bind / && mount -o remount,ro,bind ${place.dir}`;
    const as = 'setpriv --reuid=12345 --regid=12345 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs';
    const start = `${runtime} ${program} listen --config ${place.config} --port ${port}`;
    const child = spawn(
      'unshare',
      ['--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', `${mounts} && exec ${as} ${start}`],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    kill = () => child.kill('SIGKILL');
    let text = '';
    child.stderr.on('data', (piece) => (text += String(piece)));
    await until('the workers', () => text.includes('"message":"ready"') || child.exitCode !== null);
    const peer = openPeer(port, environment('x.mjs'));
    await peer.closed;
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(variableSet(peer, 'who')).toBe('12345 1');
    await until('the line of the call', () => text.includes('SUCCESS'));
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ message }) => message === 'printed')).toMatchObject({
      level: 'info',
      call: 'PJSIP/100-00000001 x.mjs',
      pid: expect.any(Number),
    });
    expect(lines.find(({ message }) => String(message).startsWith('SUCCESS'))).toMatchObject({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-/),
    });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const [inner = 0] = childrenOf(child.pid ?? 0);
    process.kill(inner, 'SIGTERM');
    expect(await ended).toBe(0);
  });
});

it('the Dockerfile of docs/containers.md is ten lines', () => {
  place = makePlace();
  const text = readFileSync(join(project, 'docs/containers.md'), 'utf8');
  const file = /^ {4}FROM [^]*?(?=\n\n)/m.exec(text)?.[0].split('\n') ?? [];
  expect(file.length).toBeLessThanOrEqual(10);
  expect(file.every((line) => /^ {4}(?:FROM|RUN|COPY|USER|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD|ENV|WORKDIR) /.test(line))).toBe(true);
});
