import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program, runtime } from '../support/super-server';
import { project, useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { choosePorts, managerParts, ports } from './support/manager-parts';
import { describeWithXinetd } from './support/requirements';

const pin = `export default async (fastagi) => {
  await fastagi.answer();
  const { digits } = await fastagi.getData('vm-password', 5000, 4);
  const right = digits === (await fastagi.databaseGet('pins', '100'));
  await fastagi.databasePut('pins', 'last', digits);
  await fastagi.setVariable('RIGHT', right ? 'yes' : 'no');
  await fastagi.setVariable('LIMIT_WAS', await fastagi.getVariable('LIMIT'));
  await fastagi.streamFile(right ? 'hello-world' : 'vm-goodbye');
  await fastagi.recordFile('/tmp/scenario', 'wav', '', 20_000);
};
`;
const right =
  'given LIMIT=3\ngiven database pins/100=4711\nhears vm-password\npresses 4711\nhears hello-world\nwaits 3\nhangs up\nexpects RIGHT=yes\nexpects LIMIT_WAS=3\nexpects database pins/last=4711\nexpects FASTAGISTATUS=HANGUP\n';
const wrong = 'given database pins/100=4711\nhears vm-password\npresses 1111\nhears hello-world\nexpects RIGHT=yes\n';

describeWithXinetd('fastagi call --asterisk', () => {
  choosePorts();
  const server = useServer();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _[a-z].,1,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
 same => n,Hangup()
`,
    managerParts,
  );

  async function call(...args: string[]): Promise<{ status: number | null; said: string }> {
    const config = join(asterisk.run, 'call.conf');
    writeFileSync(config, `[asmanager]\nserver = 127.0.0.1:${ports.plain}\n`);
    const child = spawn(runtime, [program, 'call', ...args, '--asterisk', '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: asterisk.run,
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    return new Promise((resolve) => child.on('close', (status) => resolve({ status, said })));
  }

  test('plays scenarios with a caller of Asterisk itself', async () => {
    server.script('pin.mjs', pin);
    for (const [name, text] of [['right', right], ['wrong', wrong]] as const) writeFileSync(join(asterisk.run, `${name}.scenario`), text); // prettier-ignore
    expect(await call('pin@default', '--scenario', 'right.scenario')).toEqual({
      status: 0,
      said: '✓ right.scenario\n1 as expected, 0 not\n',
    });
    const { status, said } = await call('pin@default', '--scenario', 'wrong.scenario', '--json');
    const { scenarios } = JSON.parse(said) as { scenarios: { wrong: string[]; ladder: string }[] };
    expect(scenarios[0]?.wrong).toEqual(['the caller waited for "hello-world", which was never heard', 'RIGHT is "no", not "yes"']);
    expect(scenarios[0]?.ladder).toMatch(/the caller hears vm-password +\d+\.\d\n(.*\n)*the caller presses 1 +\d+\.\d\n/);
    expect(status).toBe(1);
  });

  test('plays the scenarios of the examples that need nothing but Asterisk', async () => {
    for (const name of ['test-agi', 'dtmf', 'menu']) {
      server.script(`${name}.mjs`, readFileSync(join(project, 'examples', `${name}.js`), 'utf8'));
      const scenario = join(project, 'examples', `${name}.scenario`);
      // One caller after the other.
      // oxlint-disable-next-line no-await-in-loop
      expect(await call(`${name}@default`, '--scenario', scenario), name).toEqual({
        status: 0,
        said: `✓ ${scenario}\n1 as expected, 0 not\n`,
      });
    }
  });

  test('ends a call in which the script waits for a caller who has nothing more to do', async () => {
    server.script('waits.mjs', 'export default async (fastagi) => { await fastagi.answer(); await fastagi.waitForDigit(-1); };');
    const { status, said } = await call('waits@default');
    expect(said).toContain('✗ WAIT FOR DIGIT -1 waits for ever, and the caller has nothing more to do');
    expect(status).toBe(1);
  });

  test('shows a call with given keys, and names what is no place', async () => {
    server.script('pin.mjs', pin.replace(/ {2}await fastagi.recordFile.*\n/, ''));
    const { status, said } = await call('pin@default', '--keys', '4711', '--expect', 'RIGHT=yes');
    expect(said).toMatch(/^Asterisk +s {4}script\n/);
    expect(said).toContain('  RIGHT = yes');
    expect(status).toBe(0);
    expect(await call('pin')).toEqual({ status: 100, said: expect.stringContaining('write EXTENSION@CONTEXT') as string });
    expect((await call('nowhere@nothing')).status).not.toBe(0);
  });
});
