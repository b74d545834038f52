import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';

describeWithXinetd('the first example', () => {
  const server = useServer();
  const asterisk = useAsterisk(
    () => `
[default]
exten => _X.,1,AGI(agi://127.0.0.1:${String(server.port)}/test-agi.js)
 same => n,NoOp(\${test})
 same => n,Verbose(1,@@ test=\${test} \${FASTAGISTATUS})
 same => n,Hangup()
`,
  );

  test('shows the greeting and the request on the console, and sets the variable', async () => {
    server.use('seed/test-agi.js');
    const log = asterisk.log();
    await asterisk.originate('123');
    await log.match(/@@ test=1111 SUCCESS\n/);

    const said = [...log.text().matchAll(/VERBOSE\[.*?res_agi.c: +(?:agi:\S+|test-agi\S*): (.*)\n/g)].map((line) => line[1]);
    expect(said.slice(0, 3)).toEqual(['cool, the FastAGI server has been called!', 'Array', '(']);
    expect(said.at(-1)).toBe(')');
    expect(said).toContain('    [agi_network] => yes');
    expect(said).toContain('    [agi_network_script] => test-agi.js');
    expect(said).toContain(`    [agi_request] => agi://127.0.0.1:${String(server.port)}/test-agi.js`);
    expect(said).toContain('    [agi_extension] => 123');
    expect(said).toContain('    [agi_context] => default');
    // Nothing but the script's own lines and one for each item of the request.
    expect(said.slice(3, -1).filter((line) => !line?.startsWith('    [agi_'))).toEqual([]);
  });

  test('serves calls side by side', async () => {
    const log = asterisk.log();
    for (const extension of ['201', '202', '203', '204']) await asterisk.originate(extension);
    await asterisk.idle();
    expect(log.text().match(/@@ test=1111 SUCCESS\n/g)).toHaveLength(4);
  });
});
