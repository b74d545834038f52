import { expect, test } from 'vitest';
import type { Agi, FastagiError } from '../../src';
import { useAsterisk } from './support/asterisk';
import { choosePorts, connectTo, managerParts as parts } from './support/manager-parts';
import { describeWithAsterisk } from './support/requirements';
import { until } from './support/waiting';

const long = 'y'.repeat(500);

describeWithAsterisk('Async AGI by name', () => {
  choosePorts();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi:async,\${EXTEN},second)
 same => n,Verbose(1,@@ \${EXTEN} ended \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Hangup()
[twice]
exten => twice,1,Answer()
 same => n,AGI(agi:async,twice)
 same => n,Verbose(1,@@ first \${AGISTATUS})
 same => n,AGI(agi:async,twice)
 same => n,Verbose(1,@@ second \${FASTAGISTATUS})
[long]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi:async,\${EXTEN},${long},${long},last)
 same => n,Verbose(1,@@ \${EXTEN} ended \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Hangup()
`,
    parts,
  );

  const script = (who: string) => async (agi: Agi) => {
    await agi.setVariable('TEXT', 'exact');
    await agi.setVariable('RESULT', `${who}: ${agi.args.map((one) => one.slice(0, 8)).join('|')} ${await agi.getVariable('TEXT')}`);
  };

  test('each program serves its own calls, those with a long request too', async () => {
    const log = asterisk.log();
    const [one, two] = [await connectTo(), await connectTo()];
    one.agi(script('one'), { name: 'sales' });
    two.agi(script('two'), { name: 'support' });
    await Promise.all([one.ping(), two.ping()]);
    await asterisk.originate('sales');
    await asterisk.originate('support');
    await asterisk.originate('sales@long');
    await log.match(/@@ sales ended SUCCESS \[\] one: sales\|second exact/);
    await log.match(/@@ support ended SUCCESS \[\] two: support\|second exact/);
    await log.match(/@@ sales ended SUCCESS \[\] one: sales\|yyyyyyyy\|yyyyyyyy\|last exact/);
  });

  test('a call that waits already is found, with a long request too, and one that began while the connection was away', async () => {
    const log = asterisk.log();
    await asterisk.originate('sales');
    await asterisk.originate('sales@long');
    await until('both to wait', async () => (await asterisk.rx('core show channels concise')).match(/!AGI!/g)?.length === 2 || undefined);
    const manager = await connectTo();
    manager.agi(script('late'), { name: 'sales' });
    await log.match(/@@ sales ended SUCCESS \[\] late: sales\|second exact/);
    await log.match(/@@ sales ended SUCCESS \[\] late: sales\|yyyyyyyy\|yyyyyyyy\|last exact/);
  });

  test('values are exact, however long; what a function gives and Asterisk cuts is an error, and the session stays in step', async () => {
    const log = asterisk.log();
    const manager = await connectTo();
    const seen: unknown[] = [];
    const service = manager.agi(
      async (agi) => {
        // In pieces: a line of a command has 1,013 bytes at most.
        const pieces = ['A', 'B', 'C', 'D'].map((name) => [name, name.repeat(900)] as const);
        for (const [name, piece] of pieces) {
          // oxlint-disable-next-line no-await-in-loop
          await agi.setVariable(name, piece);
        }
        await agi.setVariable('SHORT', 'exact');
        const value = await agi.getFullVariable('${A}${B}${C}${D}');
        seen.push(value === pieces.map(([, piece]) => piece).join(''), await agi.getVariable('SHORT'));
        seen.push(await agi.getFullVariable('${SHORT}-${SHORT}'));
        await agi.setVariable('MANY', '\u00fc'.repeat(400));
        seen.push(
          (await agi.getVariable('MANY')) === '\u00fc'.repeat(400),
          (await agi.getFullVariable('${MANY}')) === '\u00fc'.repeat(400),
        );
        const error: unknown = await agi.getFullVariable('${MANY}${MANY}').catch((failed: unknown) => failed);
        seen.push((error as { code?: string }).code ?? error, await agi.getVariable('SHORT'));
        throw error;
      },
      { name: 'sales' },
    );
    await manager.ping();
    await asterisk.originate('sales');
    await log.match(/@@ sales ended FAILURE \[Asterisk cut a reply/);
    await until('the end', () => (service.calls === 0 ? true : undefined));
    expect(seen).toEqual([true, 'exact', 'exact-exact', true, true, 'FASTAGI_ASYNC_CUT', 'exact']);
  });

  test('what the database holds is exact: long, with newlines, with many characters to encode, in a call and by the manager', async () => {
    const manager = await connectTo();
    const values = { plain: 'p'.repeat(1800), lines: 'one\ntwo: three\n200 result=0\nfour', many: `${'\u00fc\n'.repeat(450)}.` };
    const seen: unknown[] = [];
    const byManager = (key: string): Promise<string | undefined> =>
      manager.dbGet({ family: 'exact', key }).catch((error: unknown) => (error as FastagiError).code);
    const service = manager.agi(
      async (agi) => {
        const read = async (value: string, key: string): Promise<void> => {
          const pieces =
            Buffer.from(value)
              .toString('base64')
              .match(/.{1,800}/g) ?? [];
          for (const [index, piece] of pieces.entries()) {
            // oxlint-disable-next-line no-await-in-loop
            await agi.setVariable(`PIECE${index}`, piece);
          }
          await agi.exec('Exec', `Set(DB(exact/${key})=\${BASE64_DECODE(${pieces.map((_, index) => `\${PIECE${index}}`).join('')})})`);
          seen.push((await agi.databaseGet('exact', key)) === value, (await byManager(key)) === value);
        };
        await read(values.plain, 'plain');
        await read(values.lines, 'lines');
        await read(values.many, 'many');
        const forged = Buffer.from('a\nActionID: x\nb').toString('base64');
        await agi.exec('Exec', `Set(DB(exact/forged)=\${BASE64_DECODE(${forged})})`);
        seen.push(await agi.databaseGet('exact', 'forged'), await byManager('forged'));
        await agi.exec('Exec', `Set(DB(exact/empty)=\${BASE64_DECODE(${Buffer.from('a\n\nb').toString('base64')})})`);
        seen.push(await agi.databaseGet('exact', 'empty'), await byManager('empty'));
        await agi.databaseDelTree('exact');
      },
      { name: 'sales' },
    );
    await manager.ping();
    await asterisk.originate('sales');
    await until('the call', () => (service.calls === 1 ? true : undefined));
    await until('the end', () => (service.calls === 0 ? true : undefined), 30);
    const cut = 'FASTAGI_MANAGER_VALUE';
    // An old manager gives no more than 255 bytes.
    const isWhole = Number.parseInt(manager.version ?? '', 10) >= 22;
    expect(seen).toEqual([true, isWhole, true, true, true, isWhole, 'a\nActionID: x\nb', cut, 'a\n\nb', cut]);
  });

  test('a signal stops what plays and what waits for keys, and the next command is not touched', async () => {
    const manager = await connectTo();
    const seen: unknown[] = [];
    const service = manager.agi(
      async (agi) => {
        const stopped = async (what: (signal: AbortSignal) => Promise<unknown>, after: number): Promise<void> => {
          const since = performance.now();
          const why: unknown = await what(AbortSignal.timeout(after)).catch((error: unknown) => (error as Error).name);
          const { digit } = await agi.streamFile('beep');
          seen.push([why, performance.now() - since < after + 2500, digit]);
        };
        await stopped((signal) => agi.streamFile('demo-congrats', '', 0, { signal }), 600);
        await stopped((signal) => agi.streamFile('demo-congrats', '', 0, { signal }), 1);
        await stopped((signal) => agi.getData('demo-congrats', 30_000, 4, { signal }), 600);
        await stopped((signal) => agi.getData('beep', 30_000, 2, { signal }), 1500);
        await stopped((signal) => agi.getOption('demo-congrats', '1', 30_000, { signal }), 600);
        await stopped((signal) => agi.waitForDigit(-1, { signal }), 600);
        seen.push(await agi.waitForDigit(100));
      },
      { name: 'sales' },
    );
    await manager.ping();
    await asterisk.originate('sales');
    await until('the call', () => (service.calls === 1 ? true : undefined));
    await until('the end', () => (service.calls === 0 ? true : undefined), 50);
    expect(seen).toEqual([...Array.from({ length: 6 }, () => ['TimeoutError', true, undefined]), undefined]);
  });

  test('a line of 1,013 bytes is carried out whole, and a longer one is refused before it is sent', async () => {
    const manager = await connectTo();
    const seen: unknown[] = [];
    const service = manager.agi(
      async (agi) => {
        const longest = 'x'.repeat(1013 - 'SET VARIABLE "LINE" ""'.length);
        await agi.setVariable('LINE', longest);
        seen.push((await agi.getVariable('LINE')) === longest);
        seen.push(await agi.setVariable('LINE', `${longest}y`).catch((error: unknown) => (error as FastagiError).code));
        seen.push((await agi.getVariable('LINE')) === longest);
      },
      { name: 'sales' },
    );
    await manager.ping();
    await asterisk.originate('sales');
    await until('the lines', () => (seen.length === 3 ? true : undefined));
    await until('the end', () => (service.calls === 0 ? true : undefined));
    expect(seen).toEqual([true, 'FASTAGI_ARGUMENT_LONG', true]);
  });

  test('commands that nobody awaits are queued together, and none of them runs in a later session', async () => {
    const log = asterisk.log();
    const manager = await connectTo();
    const seen: unknown[] = [];
    let calls = 0;
    const service = manager.agi(
      async (agi) => {
        if (++calls === 2) {
          seen.push(await agi.getVariable('LATE'));
          return;
        }
        const all = Array.from({ length: 20 }, (_, index) => agi.setVariable('COUNT', index));
        seen.push(await agi.getVariable('COUNT'), await agi.getFullVariable('${SHORT}${COUNT}'));
        await Promise.all(all);
        const ended = [agi.noop(), agi.streamFile('no-such-file'), agi.setVariable('LATE', 'set')];
        for (const one of await Promise.allSettled(ended))
          seen.push(one.status === 'rejected' ? (one.reason as FastagiError).code : 'done');
      },
      { name: 'twice' },
    );
    await manager.ping();
    await asterisk.originate('twice@twice');
    await log.match(/@@ first FAILURE[^]*@@ second SUCCESS/);
    await until('the end', () => (service.calls === 0 ? true : undefined));
    expect(seen).toEqual(['19', '19', 'done', 'FASTAGI_COMMAND_FAILED', 'FASTAGI_SESSION_ENDED', undefined]);
  });

  test('results are stored after the hangup, and nothing else is done', async () => {
    const manager = await connectTo();
    const seen: unknown[] = [];
    const service = manager.agi(
      async (agi) => {
        try {
          await agi.waitForDigit(-1);
        } catch (error) {
          seen.push((error as Error).name);
          await agi.databasePut('async', 'result', 'a, b\\c "d" \u00fc');
          await agi.databaseDel('async', 'nothing');
          seen.push(await agi.databaseGet('async', 'result'), await agi.databaseDelTree('nothing'));
          seen.push(await agi.noop().catch((refused: unknown) => (refused as Error).name));
        }
      },
      { name: 'sales' },
    );
    await manager.ping();
    await asterisk.originate('sales');
    await until('the call', () => (service.calls === 1 ? true : undefined));
    await asterisk.hangUp();
    await until('the end', () => (seen.length === 4 ? true : undefined));
    expect(seen).toEqual(['HangupError', 'a, b\\c "d" \u00fc', false, 'HangupError']);
    expect(await asterisk.rx('database get async result')).toContain('a, b\\c "d" \u00fc');
  });

  test('two hundred calls at once over one connection, each value exact', async () => {
    const manager = await connectTo();
    const wrong: unknown[] = [];
    let together = 0;
    let ended = 0;
    let goOn: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (goOn = resolve));
    manager.agi(
      async (agi) => {
        together += 1;
        if (together === 200) goOn();
        await all;
        const own = `${agi.request['agi_channel']} ${'v'.repeat(50 + together)}`;
        await agi.setVariable('OWN', own);
        await agi.noop();
        const is = await agi.getVariable('OWN');
        if (is !== own) wrong.push([own, is]);
        ended += 1;
      },
      { name: 'sales' },
    );
    await manager.ping();
    const originate = () => manager.action('Originate', { Channel: 'Local/sales@default', Application: 'Wait', Data: '60', Async: 'true' });
    await Promise.all(Array.from({ length: 200 }, originate));
    await until('all of them', () => (ended === 200 ? true : undefined), 50);
    expect(wrong).toEqual([]);
  });

  test('more calls than the concurrency go on in the dialplan, which learns why', async () => {
    const log = asterisk.log();
    const manager = await connectTo();
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const service = manager.agi(() => held, { name: 'sales', concurrency: 2 });
    await manager.ping();
    for (let calls = 0; calls < 2; calls++) {
      // One after the other: the third is to be refused.
      // oxlint-disable-next-line no-await-in-loop
      await asterisk.originate('sales');
      // oxlint-disable-next-line no-await-in-loop
      await until('the call', () => (service.calls === calls + 1 ? true : undefined));
    }
    await asterisk.originate('sales');
    await log.match(/@@ sales ended BUSY \[2 calls are being served, which is the concurrency\]/);
    goOn();
    await log.match(/@@ sales ended SUCCESS \[\][^]*@@ sales ended SUCCESS \[\]/);
    await until('the end of both', () => (service.calls === 0 ? true : undefined));
  });
});
