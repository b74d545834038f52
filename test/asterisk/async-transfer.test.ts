import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../scripts/ports.mjs';
import { useAsterisk } from './support/asterisk';
import { choosePorts, connectTo, managerParts } from './support/manager-parts';
import { describeWithAsterisk } from './support/requirements';
import { openPhone, sipParts } from './support/sip-phone';
import { until } from './support/waiting';

const sip = await freePort();

describeWithAsterisk('Async AGI when a call is transferred', () => {
  choosePorts();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi:async,\${EXTEN})
 same => n,Verbose(1,@@ \${EXTEN} on \${CHANNEL(name)} ended \${FASTAGISTATUS} [\${FASTAGIERROR}] \${RESULT})
 same => n,Hangup()
`,
    () => {
      const [manager, phones] = [managerParts(), sipParts(sip)];
      return { modules: [...(manager.modules ?? []), ...(phones.modules ?? [])], files: { ...manager.files, ...phones.files } };
    },
  );

  // A phone takes the place of another, as at the end of an attended transfer (INVITE with Replaces).
  test.each([
    ['works on by itself', false],
    ['waits for Asterisk', true],
  ])('the script goes on with the call on its new channel: it %s meanwhile', async (_what, waits) => {
    const log = asterisk.log();
    const manager = await connectTo();
    let state: 'new' | 'runs' | 'replaced' = 'new';
    const service = manager.agi(
      async (agi) => {
        await agi.setVariable('FIRST', 'kept');
        state = 'runs';
        if (waits) await agi.exec('Wait', '2');
        await until('the other phone', () => (state === 'replaced' ? true : undefined));
        await Promise.all([agi.setVariable('SECOND', 'set'), agi.setVariable('THIRD', 'too')]);
        await agi.setVariable('RESULT', (await agi.getFullVariable('${FIRST} ${SECOND} ${THIRD} ${CHANNEL(name)}')) ?? '');
      },
      { name: 'moved' },
    );
    await manager.ping();
    const phone = await openPhone(sip);
    onTestFinished(() => phone.close());
    const call = await phone.call('moved');
    await until('the script', () => (state === 'runs' ? true : undefined));
    const [before = ''] = (await asterisk.rx('core show channels concise')).split('!');
    await phone.call('anything', call);
    const after = await until('the other channel', async () => {
      const [name = ''] = (await asterisk.rx('core show channels concise')).split('!');
      return name === before ? undefined : name;
    });
    state = 'replaced';
    await log.match(new RegExp(`@@ moved on ${after} ended SUCCESS \\[\\] kept set too ${after}`));
    await until('the end', () => (service.calls === 0 ? true : undefined));
    expect(after).toMatch(/^PJSIP\/phone-/);
  });
});
