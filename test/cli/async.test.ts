import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually, serverFor } from '../manager/support/connected';
import { describeWith, isRoot } from '../support/parts';
import { isBun, program, runtime, stopProcess } from '../support/super-server';

const nobody = 65_534;

const script = `module.exports = async (agi) => {
  console.log('args', agi.args.join(' '));
  if (agi.args[1] === 'exit') process.exit(3);
  if (agi.args[1] === 'lost') void Promise.reject(new Error('nobody waits'));
  if (agi.args[1] === 'wait' || agi.args[1] === 'lost') await agi.waitForDigit(60000);
  await agi.setVariable('RESULT', 'ok');
};
`;

/** Starts it. @param lines of the configuration, behind what says where the manager is */
async function start(
  args: string[],
  port: number,
  lines: string[] = [],
  uid = nobody,
): Promise<{ child: ChildProcess; output: () => string }> {
  const directory = mkdtempSync(join(tmpdir(), 'fastagi-async-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  const manager = ['[asmanager]', `server = 127.0.0.1:${port}`, 'port = 1', 'username = phpagi', 'secret = phpagi'];
  writeFileSync(join(directory, 'phpagi.conf'), [...manager, '[fastagi]', `basedir = ${directory}`, ...lines].join('\n'));
  writeFileSync(join(directory, 'menu.cjs'), script);
  writeFileSync(join(directory, 'broken.cjs'), 'module.exports = ;\n');
  const child = spawn(runtime, [program, 'async', ...args, '--config', join(directory, 'phpagi.conf')], {
    uid,
    gid: uid,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => stopProcess(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  await eventually(() => output.includes('ready: ') || child.exitCode !== null);
  return { child, output: () => output };
}

/** When it has ended: its status. */
async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

describeWith({ root: isRoot }, 'fastagi async', () => {
  it('serves the calls of its name; what one of them does is its own', async () => {
    const server = await serverFor();
    const { child, output } = await start(['menu', '--name', 'menu'], server.port, ['drain = 1']);
    expect(output()).toMatch(/ready: AGI\(agi:async,menu\) of 127\.0\.0\.1:\d+ runs \S+menu\.cjs/);
    const place = (name: string, what: string, does = what) =>
      server.asyncAgi({ args: [name, does], values: { uniqueid: `${name}.${what}` } }, { channel: `SIP/${name}-${what}` });
    // Bun does not say whose a rejection is that nobody awaits.
    const lost = place('menu', 'lost', isBun ? 'exit' : 'lost');
    const calls = [place('menu', 'first'), place('menu', 'exit'), lost, place('menu', 'wait'), place('other', 'one')];
    const of = (name: string): unknown[] => calls.map(({ channel }) => channel.variables.get(name));
    await eventually(() => of('FASTAGISTATUS').filter((status) => status !== undefined && status !== 'HANGUP').length === 3);
    expect(of('FASTAGISTATUS')).toEqual(['SUCCESS', 'FAILURE', 'FAILURE', 'HANGUP', undefined]);
    const reasons = (): unknown[] => of('FASTAGIERROR').slice(1, 3);
    await eventually(() => reasons().every((reason) => !String(reason).includes('hung up')));
    expect(reasons()).toEqual([expect.stringContaining('exit'), isBun ? expect.stringContaining('exit') : 'Error: nobody waits']);
    expect(output()).toMatch(/SIP\/menu-first menu\.cjs: args menu first\n/);
    // Each action would be a line.
    expect(output()).not.toContain('Setvar');
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
    // A call that goes on longer than drain goes on in the dialplan.
    expect(of('FASTAGIERROR')[3]).toBe('Error: fastagi async is being stopped');
    expect(output()).toMatch(/1 calls were still going on[^]*ended\n$/);
  });

  it('tells each call of a script that cannot be loaded, and ends at a signal', async () => {
    const server = await serverFor();
    const { child, output } = await start(['broken'], server.port);
    expect(output()).toMatch(/each call will fail until fastagi async is started again: .*broken\.cjs/);
    const { channel } = server.asyncAgi();
    await eventually(() => channel.variables.get('FASTAGISTATUS') === 'FAILURE');
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(0);
  });

  it.each([
    ['root', ['menu'], 0, /as root: runuser -u asterisk -- fastagi async menu/],
    ['a script that is not there', ['missing'], nobody, /there is no script missing/],
    ['a concurrency that is none', ['menu', '--concurrency', '0'], nobody, /concurrency is 0/],
  ])('refuses %s', async (_what, args, uid, message) => {
    const server = await serverFor();
    const { child, output } = await start(args, server.port, [], uid);
    expect(await ended(child)).toBe(100);
    expect(output()).toMatch(message);
  });
});
