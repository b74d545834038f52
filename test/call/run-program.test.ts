import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocatedScript } from '../../src/script/locate';
import { hostCall } from '../support/call-host';
import { environment } from '../support/peer';

const whole = environment('x.js');

describe('a program in another language', () => {
  let dir: string;
  beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'fastagi-program-'))));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const program = (text: string): LocatedScript => {
    const path = join(dir, `program${Math.random()}`);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return { path, name: 'program', uid: 0, gid: 0, isProgram: true };
  };

  it('has the wire, and is counted and watched as a script is', async () => {
    const located = program(
      'while read line && [ -n "$line" ]; do :; done; echo "NOOP $1"; read reply; echo "SET VARIABLE got \\"$reply\\""; read reply',
    );
    const { peer, over, log } = await hostCall(environment('program', { agi_arg_1: 'first' }), { located });
    expect(await over).toMatchObject({ status: 'SUCCESS' });
    expect(peer.commands.slice(0, 2)).toEqual(['NOOP first', 'SET VARIABLE got "200 result=0"']);
    // Two of its own, and the probe behind it.
    expect(log[0]).toMatch(/SUCCESS \(\d+ ms, 3 commands\)/);
  });

  it.each([
    ['exit 3', /ended with status 3/],
    ['kill -TERM $$', /ended with SIGTERM/],
  ])('that fails is a failure: %s', async (text, reason) => {
    const { over, mails } = await hostCall(whole, { located: program(text) });
    expect(await over).toMatchObject({
      status: 'FAILURE',
      reason: expect.stringMatching(reason) as string,
      error: { code: 'FASTAGI_PROGRAM_FAILED' },
    });
    expect(mails).toHaveLength(1);
  });

  it('gets a SIGHUP if the caller hangs up', async () => {
    const located = program('trap "exit 0" HUP; echo "NOOP ready"; while :; do sleep 0.05; done');
    const { peer, over } = await hostCall(whole, { located });
    await peer.seen(/NOOP ready/);
    peer.socket.write('HANGUP\n');
    expect(await over).toMatchObject({ status: 'HANGUP' });
  });

  it('writes what it prints on standard error to the log, also a line that it does not end', async () => {
    const { over, log } = await hostCall(whole, { located: program('echo one >&2; printf two >&2') });
    await over;
    expect(log.filter((line) => line.startsWith('warn'))).toEqual([expect.stringMatching(/: one$/), expect.stringMatching(/: two$/)]);
  });

  it.each([
    ['in classic AGI', { kind: { network: false } }, /Asterisk can start it by itself/],
    ['if the settings say no', { sections: { fastagi: { foreign: 'no' } } }, /\[fastagi\] foreign is false/],
  ])('is refused %s', async (_when, options, reason) => {
    const { over } = await hostCall(whole, { located: program('exit 0'), ...options });
    expect(await over).toMatchObject({ status: 'FORBIDDEN', reason: expect.stringMatching(reason) as string });
  });

  it('that cannot be started says why', async () => {
    const located = program('exit 0');
    writeFileSync(located.path, '#!/nowhere/interpreter\n');
    const { over } = await hostCall(whole, { located });
    expect(await over).toMatchObject({ status: 'FAILURE', error: { code: 'FASTAGI_PROGRAM_START' } });
  });
});
