import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Agi } from '../../../src';
import { replay, type AsteriskOptions, type ManagerServer } from '../../../src/testing';
import { connected, eventually, keptLog } from '../../manager/support/connected';

// It stands beside the built program only.
vi.mock('../../../src/ground/own-version', () => ({ ownVersion: () => '0.0.0' }));

/** Serves one call with this script, by a configuration of its own. @param lines of it */
async function serve(
  script: (agi: Agi) => unknown,
  lines: (directory: string) => string[] = () => [],
  options: AsteriskOptions = {},
): Promise<{ directory: string; asterisk: ReturnType<ManagerServer['asyncAgi']>; log: string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'fastagi-async-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config = join(directory, 'phpagi.conf');
  writeFileSync(config, lines(directory).join('\n'));
  const { lines: log, log: kept } = keptLog();
  const { server, manager } = await connected({}, { config, log: kept });
  let begun = false;
  const service = manager.agi((agi) => {
    begun = true;
    return script(agi);
  });
  await manager.ping();
  const asterisk = server.asyncAgi({}, options);
  await eventually(() => begun && service.calls === 0);
  return { directory, asterisk, log };
}

describe('a call over the manager is a call as everywhere', () => {
  it('is recorded, and what Asterisk sent in pieces stands there whole', async () => {
    const long = 'v'.repeat(3000);
    const { directory } = await serve(
      async (agi) => void (await agi.getVariable('LONG')),
      (own) => {
        mkdirSync(join(own, 'calls'));
        return ['[fastagi]', `record = ${join(own, 'calls')}`];
      },
      { variables: { LONG: long } },
    );
    const [own = ''] = readdirSync(join(directory, 'calls'));
    const [file = ''] = readdirSync(join(directory, 'calls', own));
    const text = readFileSync(join(directory, 'calls', own, file), 'utf8');
    expect(text).toMatch(/"name":"agi:async"/);
    expect(text).toMatch(new RegExp(`< 200 result=1 \\(${long}fastagi-`));
    expect(text).toMatch(/\. SUCCESS$/m);
  });

  it('is replayed as it was recorded, with commands that nobody awaited', async () => {
    const script = async (agi: Agi): Promise<void> => {
      const all = ['1', '2', '3'].map((value) => agi.setVariable('A', value));
      await agi.databasePut('family', 'key', (await agi.getVariable('A')) ?? '');
      await Promise.all(all);
    };
    const { directory, asterisk } = await serve(script, (own) => {
      mkdirSync(join(own, 'calls'));
      return ['[fastagi]', `record = ${join(own, 'calls')}`];
    });
    const sent = asterisk.commands.filter((line) => line.includes('"A"')).map((line) => line.slice(-2, -1));
    expect(sent).toEqual(['1', '2', '3']);
    const file = join(directory, 'calls', ...readdirSync(join(directory, 'calls'), { recursive: true }).map(String).slice(-1));
    expect(await replay(file, { script })).toBe(asterisk.commands.length);
    const other = (agi: Agi): Promise<void> => agi.setVariable('A', '4');
    await expect(replay(file, { script: other })).rejects.toMatchObject({ difference: { came: 'SET VARIABLE "A" "4"' } });
  });

  it('is replayed with a value that was cut and read in parts, and the end of its session', async () => {
    const many = 'ü'.repeat(700);
    const seen: unknown[] = [];
    const script = async (agi: Agi): Promise<void> => {
      seen.push((await agi.getVariable('MANY')) === many);
      for (const one of await Promise.allSettled([agi.streamFile('missing'), agi.noop()]))
        seen.push((one as PromiseRejectedResult).reason.code);
    };
    const { directory } = await serve(
      script,
      (own) => {
        mkdirSync(join(own, 'calls'));
        return ['[fastagi]', `record = ${join(own, 'calls')}`];
      },
      { variables: { MANY: Buffer.from(many).toString('latin1') } },
    );
    const file = join(directory, 'calls', ...readdirSync(join(directory, 'calls'), { recursive: true }).map(String).slice(-1));
    await replay(file, { script });
    const once = [true, 'FASTAGI_COMMAND_FAILED', 'FASTAGI_SESSION_ENDED'];
    expect(seen).toEqual([...once, ...once]);
  });

  it('is mailed if it fails', async () => {
    const { directory } = await serve(
      () => Promise.reject(new Error('no database')),
      (own) => {
        const sendmail = join(own, 'sendmail');
        writeFileSync(sendmail, `#!/bin/sh\ncat > ${own}/mail\n`, { mode: 0o755 });
        return ['[phpagi]', 'error_handler = true', 'admin = root@localhost', `sendmail = ${sendmail}`, `tempdir = ${own}`];
      },
    );
    expect(readFileSync(join(directory, 'mail'), 'utf8')).toMatch(/^Subject: .*no database/m);
  });

  it('is no hangup if the script gives it back itself', async () => {
    const { asterisk, log } = await serve(async (agi) => {
      await agi.asyncAgiBreak();
      await agi.noop();
    });
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
    expect(log.join('\n')).toContain('gave the call back to the dialplan, NOOP has no answer');
  });

  it('goes on in the dialplan when the script releases it, and the script goes on', async () => {
    let isAfterwards = false;
    const { asterisk } = await serve(async (agi) => {
      await agi.release();
      await new Promise(setImmediate);
      isAfterwards = true;
    });
    expect(isAfterwards).toBe(true);
    expect(asterisk.channel.variables.get('FASTAGISTATUS')).toBe('SUCCESS');
    expect(asterisk.channel.variables.get('FASTAGIERROR')).toBe('');
  });
});
