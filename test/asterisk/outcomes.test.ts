import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';

/** A script, or none, and what the dialplan is told. */
const outcomes: [name: string, path: string, file: string | undefined, status: string, reason: RegExp][] = [
  ['missing', 'no-such-script', undefined, 'NOTFOUND', /no-such-script/],
  ['unnamed', '', undefined, 'NOTFOUND', /./],
  ['climbing', '../out/script.js', undefined, 'FORBIDDEN', /./],
  ['climbing encoded', '%2e%2e/out/script.js', undefined, 'FORBIDDEN', /./],
  ['absolute', '/etc/passwd', undefined, 'FORBIDDEN', /./],
  ['hidden', '.hidden.js', undefined, 'FORBIDDEN', /./],
  ['throwing', 'throwing.js', 'outcomes/throwing.js', 'FAILURE', /the reason, "quoted"/],
  ['rejecting', 'rejecting.js', 'outcomes/rejecting.js', 'FAILURE', /nobody waits/],
  ['rejecting while a sound plays', 'sound.js', 'outcomes/sound.js', 'FAILURE', /over the sound/],
  ['throwing while a key is waited for', 'key.js', 'outcomes/key.js', 'FAILURE', /over the key/],
  ['leaving while a sound plays', 'leaves.js', 'outcomes/leaves.js', 'SUCCESS', /^$/],
  ['exiting', 'exiting.js', 'outcomes/exiting.js', 'FAILURE', /3/],
  ['leaving', 'leaving.js', 'outcomes/leaving.js', 'SUCCESS', /^$/],
  ['broken', 'broken.js', 'outcomes/wrong-broken.mjs', 'FAILURE', /broken\.js/],
  ['failing to load', 'load.js', 'outcomes/load.js', 'FAILURE', /at load/],
  ['without a function', 'empty.js', 'outcomes/empty.js', 'FAILURE', /empty\.js/],
  ['refused by Asterisk', 'refused.js', 'outcomes/refused.js', 'FAILURE', /STREAM FILE/],
  ['with a bad argument', 'argument.js', 'outcomes/argument.js', 'FAILURE', /newline/],
  ['talkative', 'talkative.js', 'outcomes/talkative.js', 'SUCCESS', /^$/],
];

describeWithXinetd('what the dialplan is told', () => {
  const quiet = useServer();
  const loud = useServer({ fastagi: 'error_playback = beeperr\nerror_goto = rescue,s,1' });
  const asterisk = useAsterisk(() =>
    outcomes
      .map(
        ([, path], index) => `
[quiet${String(index)}]
exten => s,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(quiet.port)}/${path})
 same => n,Verbose(1,@@ quiet \${FASTAGISTATUS} [\${FASTAGIERROR}])
[loud${String(index)}]
exten => s,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(loud.port)}/${path})
 same => n,Verbose(1,@@ loud \${FASTAGISTATUS} [\${FASTAGIERROR}])
`,
      )
      .concat('[rescue]\nexten => s,1,Verbose(1,@@ rescued ${FASTAGISTATUS} [${FASTAGIERROR}])\n')
      .join('\n'),
  );

  test.each(outcomes.map((outcome, index) => [...outcome, index] as const))('%s', async (_, path, script, status, reason, index) => {
    if (script !== undefined) quiet.use(script, { name: path });
    const log = asterisk.log();
    const file = quiet.log();
    await asterisk.originate(`s@quiet${String(index)}`);
    const [, told, why] = await log.match(/@@ quiet (\w+) \[(.*)\]\n/);
    expect(told).toBe(status);
    expect(why).toMatch(reason);
    await asterisk.idle();
    const onConsole = /res_agi\.c: agi:\S+: (.*)/.exec(log.text())?.[1];
    if (status === 'SUCCESS') expect(onConsole).toBeUndefined();
    else expect(onConsole).toMatch(reason);
    if (status !== 'SUCCESS') await file.match(new RegExp(status));
    if (path === 'talkative.js') await file.match(/to the log[^]*510 to the log[^]*HANGUP/);
  });

  test.each(outcomes.map((outcome, index) => [...outcome, index] as const).filter(([, , , status]) => status !== 'SUCCESS'))(
    'with error_playback and error_goto: %s',
    async (_name, path, script, status, reason, index) => {
      if (script !== undefined) loud.use(script, { name: path });
      const log = asterisk.log();
      await asterisk.originate(`s@loud${String(index)}`);
      const [, told, why] = await log.match(/@@ rescued (\w+) \[(.*)\]\n/);
      expect(told).toBe(status);
      expect(why).toMatch(reason);
      expect(log.text()).toContain("Playing 'beeperr");
    },
  );
});

describeWithXinetd('whom a script runs as', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
`,
  );

  test.each([
    ['root', 0, 65_534, 65_534],
    ['daemon', 1, 1, 1],
    ['nobody', 65_534, 65_534, 65_534],
    ['unknown', 54_321, 54_321, 65_534],
  ])('its owner, but never root unasked: %s', async (name, owner, uid, gid) => {
    server.use('outcomes/who.js', { name: `${name}.js`, owner });
    await asterisk.originate(name);
    const identity = { uid, euid: uid, gid, groups: expect.arrayContaining([gid]) as number[], regained: false };
    expect(await server.result(name)).toEqual(identity);
  });
});
