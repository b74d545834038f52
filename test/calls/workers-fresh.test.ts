import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { heldCall } from '../support/opened-workers';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { isBun, runtime, until, type Place } from '../support/super-server';
import { makeWorkersPlace, startListen, type Listening } from '../support/workers';

/** So many changes; 1,000 by hand: FASTAGI_CHANGES=1000. */
const changes = Number(process.env['FASTAGI_CHANGES'] ?? 25);

let place: Place;
let server: Listening;
beforeEach(async () => {
  place = makeWorkersPlace('workers = 2');
  place.script('package.json', '{ "type": "module" }');
  server = await startListen(place);
});
afterEach(async () => {
  await server.stop();
  place.remove();
});

async function said(script = 'x.js'): Promise<string | undefined> {
  const peer = openPeer(server.port, environment(script));
  await peer.closed;
  return variableSet(peer, 'says') ?? variableSet(peer, 'FASTAGIERROR');
}

const saying = (text: string): string => `export default async (fastagi) => { await fastagi.setVariable('says', '${text}'); };\n`;

it(`runs each script as its file is at that moment, ${changes} times, and memory and workers do not grow`, async () => {
  for (let change = 1; change <= changes; change++) {
    place.script('x.js', saying(`version ${change}`));
    expect(await said()).toBe(`version ${change}`);
    expect(server.workers().length).toBeLessThanOrEqual(10);
  }
  await until('the old ones to end', () => server.workers().length === 2);
  for (const pid of server.workers()) expect(residentOf(pid)).toBeLessThan(120_000);
}, 600_000);

it.each([
  ['a module', 'lib.js', (n: string) => `export const text = '${n}';`, "import { text } from './lib.js';"],
  ['a CommonJS module', 'lib.cjs', (n: string) => `exports.text = '${n}';`, "import { text } from './lib.cjs';"],
  [
    'JSON',
    'lib.json',
    (n: string) => `{ "text": "${n}" }`,
    "import { createRequire } from 'node:module';\nconst { text } = createRequire(import.meta.url)('./lib.json');",
  ],
  ['a package', 'node_modules/lib/index.js', (n: string) => `exports.text = '${n}';`, "import lib from 'lib';\nconst { text } = lib;"],
])('takes %s that a script loads anew, too', async (_, file, made, loads) => {
  mkdirSync(join(place.basedir, 'node_modules/lib'), { recursive: true });
  place.script(file, made('one'));
  place.script('x.js', `${loads}\nexport default async (fastagi) => { await fastagi.setVariable('says', text); };\n`);
  expect(await said()).toBe('one');
  // What was loaded is looked for in a moment.
  await new Promise((resolve) => setTimeout(resolve, 200));
  place.script(file, made('another'));
  // Bun tells of a change a moment later.
  if (!file.startsWith('node_modules') && !isBun) expect(await said()).toBe('another');
  // Of packages a change is seen within a second.
  else await expect.poll(() => said(), { timeout: 5000 }).toBe('another');
});

it('lets a call that runs the old version go on to its end', async () => {
  place.script(
    'x.js',
    `export default async (fastagi) => { await fastagi.waitForDigit(-1); await fastagi.setVariable('says', 'old'); };\n`,
  );
  const old = await heldCall(server, undefined, {}, 'x.js');
  place.script('x.js', saying('new'));
  for (let again = 0; again < 6; again++) expect(await said()).toBe('new');
  old.socket.write('200 result=49\n');
  await old.closed;
  expect([variableSet(old, 'says'), variableSet(old, 'FASTAGISTATUS')]).toEqual(['old', 'SUCCESS']);
});

it('starts no more workers than may be alive, however many changes there are under calls, and leaves no call in silence', async () => {
  const held: Peer[] = [];
  for (let change = 1; change <= 14; change++) {
    place.script(
      'x.js',
      `export default async (fastagi) => { await fastagi.setVariable('says', '${change}'); await fastagi.waitForDigit(-1); };\n`,
    );
    const peer = await heldCall(server, undefined, {}, 'x.js');
    held.push(peer);
    expect(server.workers().length).toBeLessThanOrEqual(10);
    if (change <= 5) expect(variableSet(peer, 'says')).toBe(String(change));
  }
  expect(place.log()).toMatch(/x\.js has changed, but as many workers are alive as may be/);
  for (const { socket } of held) socket.write('200 result=49\n');
  await Promise.all(held.map(({ closed }) => closed));
  // As soon as there is room again, the change counts.
  await until('the old ones to end', () => server.workers().length === 2);
  place.script('x.js', saying('the last'));
  expect(await said()).toBe('the last');
});

it('runs a script that was broken, as soon as it is mended', async () => {
  place.script('x.js', 'export default async (fastagi) => {\n  await nothing(\n};\n');
  expect(await said()).toMatch(/SyntaxError/);
  place.script('x.js', saying('mended'));
  expect(await said()).toBe('mended');
  place.script('lib.js', 'export const text = ;\n');
  place.script(
    'y.js',
    "import { text } from './lib.js';\nexport default async (fastagi) => { await fastagi.setVariable('says', text); };\n",
  );
  expect(await said('y.js')).toMatch(/SyntaxError/);
  place.script('lib.js', "export const text = 'mended, too';\n");
  if (isBun) await expect.poll(() => said('y.js'), { timeout: 5000 }).toBe('mended, too');
  else expect(await said('y.js')).toBe('mended, too');
});

it('has a call of a changed script served at once, though the other worker computes', async () => {
  const begun = join(place.out, 'begun');
  place.script(
    'computes.js',
    `import { writeFileSync } from 'node:fs';
export default () => {
  writeFileSync(${JSON.stringify(begun)}, '');
  for (const end = Date.now() + 6000; Date.now() < end;);
};
`,
  );
  const other = openPeer(server.port, environment('computes.js'));
  await until('it computes', () => existsSync(begun));
  // The worker that is left loads it.
  place.script('x.js', saying('before'));
  expect(await said()).toBe('before');
  await new Promise((resolve) => setTimeout(resolve, 200));
  place.script('x.js', saying('behind'));
  expect(await said()).toBe('behind');
  expect(variableSet(other, 'FASTAGISTATUS')).toBeUndefined();
  await other.closed;
  expect(variableSet(other, 'FASTAGISTATUS')).toBe('SUCCESS');
});

// Bun's program finds its package by its own place.
const onNode = isBun ? () => undefined : it;
onNode('refuses a call that no worker can be started for, rather than leave it in silence', async () => {
  await server.stop();
  const node = join(place.dir, 'node');
  copyFileSync(runtime, node);
  chmodSync(node, 0o755);
  server = await startListen(place, { node });
  place.script('x.js', saying('before'));
  // Both have loaded it, or the one that has not serves it.
  for (let call = 0; call < 20; call++) expect(await said()).toBe('before');
  await new Promise((resolve) => setTimeout(resolve, 200));
  unlinkSync(node);
  const ends: (string | undefined)[] = [];
  for (let call = 0; call < 3 && !ends.includes('BUSY'); call++) {
    place.script('x.js', saying(`behind ${call}`));
    const peer = openPeer(server.port, environment('x.js'));
    // oxlint-disable-next-line no-await-in-loop
    await peer.closed;
    ends.push(variableSet(peer, 'FASTAGISTATUS'));
  }
  expect(ends.at(-1)).toBe('BUSY');
  expect(place.log()).toMatch(/a worker could not be started/);
  expect(place.log()).toMatch(/error: a call was refused, as for 3 s no worker took it over/);
});

function residentOf(pid: number): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}
