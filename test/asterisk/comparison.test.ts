import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lineLimit } from '../../src/ground/line-limit';
import { argumentsAndFunctions, whileKeysArePressed } from './argument-table';
import { inTheMiddle, interrupted, normalised, onADeadChannel, onALiveChannel, type Row } from './comparison-table';
import { countsAndNumbers } from './counts-table';
import { useAsterisk, version } from './support/asterisk';
import { rawServer, type RawCall } from './support/raw-call';
import { describeWithAsterisk } from './support/requirements';

describeWithAsterisk('the answers of the real Asterisk', () => {
  let server: Awaited<ReturnType<typeof rawServer>>;
  beforeAll(async () => {
    server = await rawServer();
  });
  afterAll(() => {
    server.close();
  });
  const asterisk = useAsterisk(
    () => `
[default]
exten => comparison,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/comparison,one,two)
[subroutine]
exten => s,1,Set(RETURNED=\${ARG1}-\${ARG2})
 same => n,Return()
exten => long,1,Wait(60)
 same => n,Return()
exten => endless,1,NoOp()
`,
  );
  const answered = async (call: RawCall, rows: readonly Row[]) => {
    const answers: Row[] = [];
    for (const [line, , about] of rows) {
      const answer = normalised(await call.command(line));
      answers.push(about === undefined ? [line, answer] : [line, answer, about]);
    }
    return answers;
  };
  let call: RawCall | undefined;
  const newCall = async (caller?: string) => {
    await asterisk.originate('comparison', caller);
    return (call = await server.nextCall());
  };
  // Before Asterisk's own clean-up: it waits for our end of a call to close.
  afterEach(() => call?.close());

  test('to each command, on a live channel and on a dead one', async () => {
    const call = await newCall();
    expect(call.environment).toMatch(/^agi_network: yes\nagi_network_script: comparison\nagi_request: agi:/);
    expect(call.environment).toMatch(
      new RegExp(`\\nagi_version: ${version}\\.[^]*\\nagi_threadid: \\d+\\nagi_arg_1: one\\nagi_arg_2: two\\n$`),
    );
    expect(await answered(call, onALiveChannel)).toEqual(onALiveChannel);
    expect(normalised(await call.command('HANGUP'))).toBe('200 result=1\nHANGUP');
    expect(await answered(call, onADeadChannel)).toEqual(onADeadChannel);
  }, 120_000);

  test('to arguments of every kind', async () => {
    expect(await answered(await newCall(), argumentsAndFunctions)).toEqual(argumentsAndFunctions);
  });

  test('to more and fewer arguments, numbers and expressions', async () => {
    const call = await newCall();
    await call.command('SET VARIABLE PLAIN value');
    expect(await answered(call, countsAndNumbers)).toEqual(countsAndNumbers);
  }, 120_000);

  test('while the caller presses keys', async () => {
    expect(await answered(await newCall('press5'), whileKeysArePressed)).toEqual(whileKeysArePressed);
  });

  test.each(inTheMiddle)('when the caller hangs up in the middle of %s', async (line = '', on22 = '', on16 = on22) => {
    const reply = version === 16 ? on16 : on22;
    const call = await newCall();
    call.write(line);
    await sleep(300);
    await asterisk.hangUp();
    // The notice comes before the reply or after it.
    await call.arrival(`HANGUP\n${reply}`, (text) =>
      text.includes('HANGUP\n') ? `HANGUP\n${normalised(text.replaceAll('HANGUP\n', ''))}` : text,
    );
    expect(await call.command('NOOP')).toBe('200 result=0\n');
  });

  test.each(interrupted)('when a further line arrives during %s', async (line = '', reply = '') => {
    const call = await newCall();
    call.write(line);
    await sleep(300);
    call.write('NOOP');
    await call.arrival(reply, normalised);
    expect(normalised(await call.command('CHANNEL STATUS'))).toBe('200 result=6');
  });

  test('a line that is too long is cut, and its rest is a line of its own', async () => {
    const call = await newCall();
    const longest = lineLimit(/^agi_version: (.*)$/m.exec(call.environment)?.[1]);
    expect(longest).toBe(version === 16 ? 2047 : 8191);
    const length = longest - 'SET VARIABLE LONG ""\n'.length;
    expect(await call.command(`SET VARIABLE LONG "${'x'.repeat(length)}"`)).toBe('200 result=1\n');
    expect(await call.command('GET FULL VARIABLE ${LEN(${LONG})}')).toBe(`200 result=1 (${length})\n`);
    expect(await call.command(`SET VARIABLE LONG "${'x'.repeat(length + 100)}"`)).toBe('200 result=1\n510 Invalid or unknown command\n');
  });
});
