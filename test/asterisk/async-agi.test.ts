import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HangupError, type FastagiError } from '../../src';
import { program, runtime, stopProcess } from '../support/super-server';
import { useAsterisk } from './support/asterisk';
import { choosePorts, connectTo, managerParts as parts, ports } from './support/manager-parts';
import { startProxy } from './support/proxy';
import { describeWithAsterisk } from './support/requirements';
import { until } from './support/waiting';

describeWithAsterisk('Async AGI', () => {
  choosePorts();
  const asterisk = useAsterisk(
    () => `
[default]
exten => async,1,Answer()
 same => n,AGI(agi:async,one,two words)
 same => n,Verbose(1,@@ \${CHANNEL(name)} ended \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Wait(5)
`,
    parts,
  );
  test('two calls at once', async () => {
    const manager = await connectTo();
    const log = asterisk.log();
    const seen: unknown[] = [];
    let together = 0;
    const service = manager.agi(async (agi) => {
      together++;
      await until('both calls', () => (together === 2 ? true : undefined));
      await agi.setVariable('TEXT', 'grüß "dich", 200 result=1 (text)');
      const lines = await agi.getFullVariable(`\${BASE64_DECODE(${Buffer.from('two\nlines (of text)').toString('base64')})}`);
      seen.push([
        agi.args,
        await agi.getVariable('TEXT'),
        lines,
        await agi.getFullVariable('${CHANNEL(state)}'),
        (await agi.streamFile('beep')).digit,
      ]);
      await expect(agi.evaluate('NO SUCH COMMAND')).resolves.toMatchObject({ code: 510 });
      await agi.setVariable('RESULT', `served ${agi.request['agi_channel']}`);
    });
    await manager.ping();
    await asterisk.originate('async');
    await asterisk.originate('async');
    await log.match(/@@ (\S+) ended SUCCESS \[\] served \1[^]*@@ (\S+) ended SUCCESS \[\] served \2/, 30);
    await until('the end of both', () => (service.calls === 0 ? true : undefined));
    const one = [['one', 'two words'], 'grüß "dich", 200 result=1 (text)', 'two\nlines (of text)', 'Up', undefined];
    expect(seen).toEqual([one, one]);
  });

  test('a playback is stopped, a caller hangs up, a script fails', async () => {
    const manager = await connectTo();
    const log = asterisk.log();
    const seen: unknown[] = [];
    let calls = 0;
    const service = manager.agi(async (agi) => {
      if (++calls === 2) throw new Error('no database');
      if (calls === 3) {
        seen.push(await agi.streamFile('no-such-file').catch((error: unknown) => (error as FastagiError).code));
        return;
      }
      const signal = AbortSignal.timeout(500);
      const since = performance.now();
      await agi.streamFile('demo-congrats', '', 0, { signal }).catch((error: unknown) => seen.push((error as Error).name));
      await agi.noop();
      seen.push(performance.now() - since < 5000);
      await agi.streamFile('demo-congrats').catch((error: unknown) => seen.push(error instanceof HangupError));
      seen.push(agi.hungUp);
    });
    await manager.ping();
    await asterisk.originate('async');
    await until('the second playback', () => (seen.length === 2 ? true : undefined));
    await sleep(300);
    await asterisk.hangUp();
    await until('the end of the call', () => (service.calls === 0 ? true : undefined));
    expect(seen).toEqual(['TimeoutError', true, true, true]);
    await asterisk.originate('async');
    await log.match(/ended FAILURE \[Error: no database\]/);
    await asterisk.originate('async');
    await until('the missing sound', () => (seen.length === 5 ? true : undefined));
    expect(seen[4]).toBe('FASTAGI_COMMAND_FAILED');
  });

  test('the dialplan has its call back when the connection was lost in the middle', async () => {
    const proxy = await startProxy(ports.plain);
    const manager = await connectTo({ server: `127.0.0.1:${proxy.port}` });
    const log = asterisk.log();
    const seen: unknown[] = [];
    manager.agi(async (agi) => {
      await agi.streamFile('demo-congrats').catch((error: unknown) => seen.push(error instanceof HangupError));
    });
    await manager.ping();
    await asterisk.originate('async');
    await log.match(/Playing 'demo-congrats/);
    proxy.cut();
    await until('the script to be told', () => (seen.length === 1 ? true : undefined));
    expect(seen).toEqual([true]);
    await log.match(/ended FAILURE \[the connection to the manager was lost during the call\]/, 60);
  });

  test('fastagi async serves calls, as a user of its own', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'fastagi-async-'));
    chmodSync(directory, 0o755);
    const script =
      "module.exports = async (agi) => { await agi.streamFile('beep'); await agi.setVariable('RESULT', agi.args.join('|')); };\n";
    writeFileSync(join(directory, 'menu.cjs'), script);
    const manager = ['[asmanager]', 'server = 127.0.0.1', `port = ${ports.plain}`, 'username = phpagi', 'secret = phpagi'];
    writeFileSync(join(directory, 'phpagi.conf'), [...manager, '[fastagi]', `basedir = ${directory}`].join('\n'));
    const child = spawn(runtime, [program, 'async', 'menu', '--name', 'one', '--config', join(directory, 'phpagi.conf')], {
      uid: 65_534,
      gid: 65_534,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    try {
      await until('the start', () => (output.includes('ready: AGI(agi:async,one)') ? true : undefined));
      const log = asterisk.log();
      await asterisk.originate('async');
      await log.match(/ended SUCCESS \[\] one\|two words/);
      expect(output).toMatch(/menu\.cjs: SUCCESS/);
    } finally {
      await stopProcess(child);
      rmSync(directory, { recursive: true });
    }
  });
});
