import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { project, useAsterisk, version } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { choosePorts, connectTo, managerParts } from './support/manager-parts';
import { describeWithXinetd } from './support/requirements';
import { longestSilence, measured } from './support/tones';
import { until } from './support/waiting';

/** What the scripts share: a tone of so many Hz and ms. */
const head = `import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
const tone = (hz, ms) => {
  const bytes = Buffer.alloc(16 * ms);
  for (let at = 0; at < 8 * ms; at++) bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hz * at) / 8000)), 2 * at);
  return bytes;
};
`;

const callers = `
[callers]
exten => milliwatt,1,MixMonitor(,r({run}/out/heard.wav))
 same => n,Milliwatt()
exten => barges,1,MixMonitor(,r({run}/out/barged.wav))
 same => n,Wait(2)
 same => n,SendDTMF(7)
 same => n,Wait(20)
exten => speaks,1,MixMonitor(,r({run}/out/echoed.wav))
 same => n,PlayTones(500)
 same => n,Wait(1)
 same => n,StopPlayTones()
 same => n,Playback(silence/4)
 same => n,SendDTMF(#)
 same => n,Wait(5)
exten => says,1,PlayTones(500)
 same => n,Wait(2)
 same => n,StopPlayTones()
 same => n,Playback(silence/5)
 same => n,Wait(5)
exten => short,1,PlayTones(500)
 same => n,Wait(1.5)
 same => n,Hangup()
exten => _X.,1,MixMonitor(,r({run}/out/echo-\${EXTEN}.wav))
 same => n,PlayTones(\${EXTEN})
 same => n,Wait(8)
`;

describeWithXinetd('live audio', () => {
  choosePorts();
  const [server, workers] = [useServer(), useServer({ workers: true, fastagi: 'workers = 2' })];
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
 same => n,Verbose(1,@@ \${EXTEN} over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Wait(1)
[workers]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(workers.port)}/\${EXTEN})
 same => n,Verbose(1,@@ \${EXTEN} over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
[classic]
exten => _[a-z].,1,Answer()
 same => n,AGI(fastagi,run,\${EXTEN}.js,{run}/out/agi.wav)
 same => n,Verbose(1,@@ \${EXTEN} over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT}\${MESSAGE_MS})
[eagi]
exten => _[a-z].,1,Answer()
 same => n,EAGI(fastagi,run,\${EXTEN}.js,{run}/out/eagi.wav)
 same => n,Verbose(1,@@ \${EXTEN} over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT}\${MESSAGE_MS})
[async]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi:async,\${EXTEN})
 same => n,Verbose(1,@@ \${EXTEN} over \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
${callers}`,
    () => {
      const parts = managerParts();
      const own = version === 16 ? [] : ['res_audiosocket', 'app_audiosocket'];
      return { ...parts, modules: [...(parts.modules ?? []), ...own, 'app_milliwatt', 'app_playtones'] };
    },
  );
  const out = (name: string): string => `${asterisk.run}/out/${name}`;
  const script = (name: string, code: string, where = server): void => where.script(`${name}.js`, `${head}export default async (agi) => {\n${code}\n};\n`); // prettier-ignore

  const example = (name: string): string => readFileSync(join(project, `examples/audio/${name}.js`), 'utf8');

  beforeAll(() => {
    // Seen from inside Asterisk's root, where the project and /usr/local/bin/fastagi are too.
    symlinkSync('/usr/local/bin/fastagi', `${asterisk.run}/agi-bin/fastagi`);
    writeFileSync(`${asterisk.run}/agi-bin/package.json`, '{ "type": "module" }\n');
  });

  if (version === 16) {
    test('is an error that names the module, where Asterisk does not have it', async () => {
      script('missing', "await agi.audioSocket().catch(({ code, message }) => agi.setVariable('RESULT', `${code} ${message}`));");
      const log = asterisk.log();
      await asterisk.originate('missing');
      await log.match(/@@ missing over SUCCESS \[\] FASTAGI_AUDIO_MODULE .*res_audiosocket\.so and app_audiosocket\.so/);
    });
    return;
  }

  test('goes both ways for a minute, at its pitch and level and without a gap, and the channel is there behind it', async () => {
    script(
      'minute',
      `const audio = await agi.audioSocket();
       const heard = [];
       audio.on('data', (bytes) => heard.push(bytes)).end(tone(440, 61000));
       await once(audio, 'close');
       writeFileSync('${out('said.raw')}', Buffer.concat(heard));
       await agi.streamFile('beep');
       await agi.setVariable('RESULT', 'there');`,
    );
    const log = asterisk.log();
    await asterisk.originate('minute', 'milliwatt');
    await log.match(/@@ minute over SUCCESS \[\] there/, 90);
    const said = measured(readFileSync(out('said.raw')));
    expect(said.hz).toBeCloseTo(1004, -1);
    expect(said.ms).toBeGreaterThan(60_000);
    const heard = measured(readFileSync(out('heard.wav')).subarray(44));
    expect(heard.hz).toBeCloseTo(440, -1);
    expect(heard.ms).toBeGreaterThan(60_000);
    expect(heard.peak).toBeGreaterThan(7500);
    expect(heard.peak).toBeLessThan(8500);
    expect([said.longestGap, heard.longestGap].map((gap) => gap <= 40)).toEqual([true, true]);
  }, 120_000);

  test('gives keys, and drops what is not played when one is pressed', async () => {
    script(
      'barge',
      `const audio = await agi.audioSocket();
       audio.resume().write(tone(440, 20000));
       audio.once('key', (key) => {
         audio.clear();
         audio.end(tone(880, 500));
         agi.setVariable('RESULT', key);
       });
       await once(audio, 'close');`,
    );
    const log = asterisk.log();
    await asterisk.originate('barge', 'barges');
    await log.match(/@@ barge over SUCCESS \[\] 7/);
    await asterisk.hangUp();
    await asterisk.idle();
    const { hz, ms, tail } = measured(readFileSync(out('barged.wav')).subarray(44), 300);
    expect(hz).toBeCloseTo(440, -2);
    expect(tail).toBeCloseTo(880, -1);
    expect(ms).toBeLessThan(4000);
  });

  test('ends when the caller hangs up in the middle, and the script learns it', async () => {
    script(
      'hung',
      `let size = 0;
       const audio = await agi.audioSocket();
       audio.write(tone(440, 60000));
       for await (const bytes of audio) size += bytes.length;
       const why = await agi.streamFile('beep').catch((error) => error.name);
       writeFileSync('${out('hung')}', why + ' ' + agi.hungUp + ' ' + (size > 16000));`,
    );
    await asterisk.originate('hung', 'short');
    const told = await until('the end', () =>
      readdirSync(out('')).includes('hung') ? readFileSync(out('hung'), 'utf8') || undefined : undefined,
    );
    expect(told).toBe('HangupError true true');
  });

  test('ends with the script, and at its signal: the dialplan goes on', async () => {
    script('left', "await agi.setVariable('RESULT', 'x'); (await agi.audioSocket()).write(tone(440, 60000));");
    script('forgotten', "void agi.audioSocket(); await agi.setVariable('RESULT', 'y');");
    script(
      'stopped',
      `const audio = await agi.audioSocket({ signal: AbortSignal.timeout(700) });
       for await (const bytes of audio) audio.write(bytes);
       await agi.setVariable('RESULT', String(agi.hungUp));`,
    );
    const log = asterisk.log();
    await asterisk.originate('left');
    await log.match(/@@ left over SUCCESS \[\] x/);
    await asterisk.originate('forgotten');
    await log.match(/@@ forgotten over SUCCESS \[\] y/);
    await asterisk.originate('stopped');
    await log.match(/@@ stopped over SUCCESS \[\] false/);
  });

  const echo = `const audio = await agi.audioSocket();
     setTimeout(() => audio.end(), 5000);
     for await (const bytes of audio) audio.write(bytes);
     await agi.setVariable('RESULT', 'echoed');`;

  test.each(['default', 'workers', 'async'])('ten at once, each with its own: %s', async (context) => {
    if (context !== 'async') script('echoing', echo, context === 'default' ? server : workers);
    else {
      const manager = await connectTo();
      manager.agi(async (agi) => {
        const audio = await agi.audioSocket();
        setTimeout(() => audio.end(), 5000);
        for await (const bytes of audio) audio.write(bytes);
        await agi.setVariable('RESULT', 'echoed');
      });
      await manager.ping();
    }
    const log = asterisk.log();
    const pitches = Array.from({ length: 10 }, (_, index) => 300 + 70 * index);
    for (const hz of pitches) {
      // The console takes one at a time.
      // oxlint-disable-next-line no-await-in-loop
      await asterisk.originate(`echoing@${context}`, String(hz));
    }
    await log.match(/(?:@@ echoing over SUCCESS \[\] echoed[^]*){10}/, 30);
    await asterisk.hangUp();
    await asterisk.idle();
    const off = pitches.map((hz) => {
      const bytes = readFileSync(out(`echo-${hz}.wav`)).subarray(44);
      const { hz: is, ms } = measured(bytes);
      return { hz, is: Math.abs(is - hz) < 8, ms: ms > 4000, gap: longestSilence(bytes) };
    });
    expect(off.filter(({ is, ms, gap }) => !is || !ms || gap > 40)).toEqual([]);
  });

  test('the example says back what the caller says, and # ends it', async () => {
    server.script('echo.js', example('echo'));
    const log = asterisk.log();
    const own = server.log();
    await asterisk.originate('echo', 'speaks');
    await log.match(/@@ echo over SUCCESS \[\]/);
    await own.match(/ echo: SUCCESS/);
    expect(own.text()).not.toContain('write await');
    await asterisk.hangUp();
    await asterisk.idle();
    const { hz, ms } = measured(readFileSync(out('echoed.wav')).subarray(44));
    expect([Math.abs(hz - 500) < 10, Math.abs(ms - 1000) < 150]).toEqual([true, true]);
  });

  test.each(['classic', 'eagi'])('the example records until it is quiet, without FastAGI too: %s', async (context) => {
    writeFileSync(`${asterisk.run}/agi-bin/recorder.js`, example('recorder'));
    const log = asterisk.log();
    await asterisk.originate(`recorder@${context}`, 'says');
    const [, ms] = await log.match(/@@ recorder over SUCCESS \[\] (\d+)/);
    expect(Math.abs(Number(ms) - 2000)).toBeLessThan(250);
    const file = readFileSync(out(context === 'eagi' ? 'eagi.wav' : 'agi.wav'));
    expect([file.subarray(0, 4).toString(), file.readUInt32LE(40)]).toEqual(['RIFF', file.length - 44]);
    expect(Math.abs(measured(file.subarray(44)).hz - 500)).toBeLessThan(10);
  });

  test('says what is wrong if Asterisk cannot reach this machine at that address', async () => {
    // Of a network that is for documents only.
    script('unreached', "await agi.audioSocket({ host: '192.0.2.1' }).catch(({ code }) => agi.setVariable('RESULT', code));");
    const log = asterisk.log();
    await asterisk.originate('unreached');
    await log.match(/@@ unreached over SUCCESS \[\] FASTAGI_AUDIO_CONNECT/, 30);
  });
});
