import { existsSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startAsterisk, useAsterisk } from './support/asterisk';
import { describeWithAsterisk } from './support/requirements';

const dialplan = `
[default]
exten => hello,1,Answer()
 same => n,Verbose(1,@@ hello from \${CHANNEL})
 same => n,Wait(60)
exten => h,1,Verbose(1,@@ hung up)
exten => read,1,Answer()
 same => n,Read(KEYS,,4,,,5)
 same => n,Verbose(1,@@ keys \${KEYS})
`;

describeWithAsterisk('a private Asterisk', () => {
  const asterisk = useAsterisk(() => dialplan);

  test('answers on its console, and is the release that the facts were observed on', async () => {
    expect(await asterisk.rx('core show version')).toMatch(/^Asterisk 22\./);
  });

  test('runs a call, and the caller hangs up', async () => {
    const log = asterisk.log();
    await asterisk.originate('hello');
    await log.match(/@@ hello from Local\/hello@default-\w+;2/);
    await asterisk.hangUp();
    await log.match(/@@ hung up/);
  });

  test('passes on the keys that the caller presses', async () => {
    const log = asterisk.log();
    await asterisk.originate('read', 'keys12*#');
    await log.match(/@@ keys 12\*/);
  });

  test('two run at once, and leave no directory, mount or process behind', async () => {
    const second = await startAsterisk(dialplan);
    const ours = (text: string) => text.split('\n').filter((line) => line.includes(second.run));
    expect(ours(execFileSync('ps', ['ax', '-o', 'args'], { encoding: 'utf8' }))).not.toEqual([]);
    await second.stop();
    expect(existsSync(second.run)).toBe(false);
    expect(ours(readFileSync('/proc/mounts', 'utf8'))).toEqual([]);
    expect(ours(execFileSync('ps', ['ax', '-o', 'args'], { encoding: 'utf8' }))).toEqual([]);
  });
});
