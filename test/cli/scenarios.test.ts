import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasProgram } from '../support/parts';
import { makePlace, program, runtime, startXinetd, type Place } from '../support/super-server';

const pin = `export default async (fastagi) => {
  await fastagi.answer();
  const { digits } = await fastagi.getData('enter-pin', 5000, 4);
  const right = digits === (await fastagi.databaseGet('pins', '100'));
  await fastagi.databasePut('pins', 'last', digits);
  await fastagi.setVariable('RIGHT', right ? 'yes & <sure>' : 'no');
  await fastagi.streamFile(right ? 'welcome' : 'goodbye');
};
`;
const good =
  'given database pins/100=4711\nhears enter-pin\npresses 4711\nhears welcome\nexpects RIGHT=yes & <sure>\nexpects database pins/last=4711\n';
const bad = 'hears enter-pin\npresses 4711\nhears welcome\nexpects RIGHT=yes & <sure>\n';

let place: Place;
let file: string;
beforeEach(() => {
  place = makePlace();
  file = place.script('pin.mjs', pin);
  mkdirSync(join(place.dir, 'scenarios'));
  writeFileSync(join(place.dir, 'scenarios/a-right.scenario'), good);
  writeFileSync(join(place.dir, 'scenarios/b-wrong.scenario'), bad);
  writeFileSync(join(place.dir, 'scenarios/notes.txt'), 'nothing');
});
afterEach(() => place.remove());

function call(target: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(runtime, [program, 'call', target, '--config', place.config, ...args], {
    encoding: 'utf8',
    input: '',
    cwd: place.dir,
  });
  return { status, stdout, stderr };
}

describe('fastagi call --scenario', () => {
  it('plays a scenario, and is content', () => {
    expect(call(file, '--scenario', 'scenarios/a-right.scenario')).toEqual({
      status: 0,
      stdout: '✓ scenarios/a-right.scenario\n1 as expected, 0 not\n',
      stderr: '',
    });
  });

  it('plays all of a directory, and shows the whole call of one that went otherwise', () => {
    const { status, stdout } = call(file, '--scenario', 'scenarios');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '✓ scenarios/a-right.scenario',
      '✗ scenarios/b-wrong.scenario',
      '  the caller waited for "welcome", which was never heard',
      '  RIGHT is "no", not "yes & <sure>"',
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}the caller hears enter-pin +\d+\.\d$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {4}database pins\/last = 4711 +\d+\.\d$/));
    expect(lines.at(-1)).toBe('1 as expected, 1 not');
    expect(status).toBe(1);
  });

  it('says what came of them as JSON, and in the form of JUnit', () => {
    const { status, stdout } = call(file, '--scenario', 'scenarios', '--json', '--junit', 'junit.xml');
    const { ok, scenarios } = JSON.parse(stdout) as { ok: boolean; scenarios: { name: string; wrong: string[]; variables: object }[] };
    expect([status, ok, scenarios.map(({ wrong }) => wrong.length)]).toEqual([1, false, [0, 2]]);
    expect(scenarios[0]?.variables).toMatchObject({ RIGHT: 'yes & <sure>', FASTAGISTATUS: 'SUCCESS' });
    const xml = readFileSync(join(place.dir, 'junit.xml'), 'utf8');
    expect(xml).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites>\n {2}<testsuite name="fastagi call" tests="2" failures="1" errors="0" time="\d+\.\d{3}">\n/,
    );
    expect(xml).toMatch(/\n {4}<testcase name="scenarios\/a-right\.scenario" classname="\S+pin\.mjs" time="\d+\.\d{3}"\/>\n/);
    expect(xml).toContain('RIGHT is &quot;no&quot;, not &quot;yes &amp; &lt;sure&gt;&quot;">');
    const { status: parsed } = spawnSync('python3', [
      '-c',
      'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])',
      join(place.dir, 'junit.xml'),
    ]);
    expect(parsed === null || parsed === 0).toBe(true);
  });

  it.runIf(hasProgram('xinetd'))('calls a port as well', async () => {
    const server = await startXinetd(place);
    const { status, stdout } = call(`agi://127.0.0.1:${server.port}/pin`, '--scenario', 'scenarios/a-right.scenario');
    await server.stop();
    expect({ status, stdout }).toEqual({ status: 0, stdout: '✓ scenarios/a-right.scenario\n1 as expected, 0 not\n' });
  });

  it('waits as long as the scenario says, whatever the script works meanwhile', () => {
    const records = place.script('records.mjs', `export default async (fastagi) => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { endpos } = await fastagi.recordFile('/tmp/x', 'wav', '#', 60_000);
      await fastagi.setVariable('SECONDS', Math.round(endpos / 8000));
    };`); // prettier-ignore
    writeFileSync(join(place.dir, 'long.scenario'), 'waits 30\nhangs up\nexpects SECONDS=30\n');
    expect(call(records, '--scenario', 'long.scenario').stdout).toBe('✓ long.scenario\n1 as expected, 0 not\n');
  });

  it.each([
    [['--scenario', 'nowhere'], 'call: --scenario nowhere: it is not there'],
    [['--scenario', 'out'], 'call: --scenario out: there is no *.scenario in it'],
    [['--scenario', 'scenarios/notes.txt'], 'scenarios/notes.txt, line 1 of the scenario: "nothing" is none of: hears PROMPT'],
  ])('names what is wrong with %j', (args, message) => {
    const { status, stderr } = call(file, ...args);
    expect({ status, stderr }).toEqual({ status: 100, stderr: expect.stringContaining(message) as string });
  });
});
