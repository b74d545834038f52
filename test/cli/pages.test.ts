import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser, type Browser } from '../support/browser';
import { describeWith, hasProgram } from '../support/parts';
import { makePlace, program, runtime, until, type Place } from '../support/super-server';

const script = `export default async (fastagi) => {
  await fastagi.answer();
  await fastagi.streamFile('hello-world', '12');
  await fastagi.setVariable('STEP', 'greeted <b>');
  await fastagi.exec('Wait', 4);
  await fastagi.getData('a-prompt-with-a-very-long-name-that-does-not-fit-into-a-narrow-window-of-a-telephone-without-breaking', 5000, 4);
  await fastagi.setVariable('STEP', 'asked');
  throw new Error('the card reader is gone');
};
`;

describeWith({ chromium: hasProgram('chromium') }, 'a call as a page', () => {
  let place: Place;
  let browser: Browser | undefined;
  let file: string;
  const page = (name: string): string => join(place.dir, `${name}.html`);
  const run = (...args: string[]) => spawnSync(runtime, [program, ...args], { encoding: 'utf8', input: '', cwd: place.dir });
  beforeAll(async () => {
    place = makePlace();
    file = place.script('card.mjs', script);
    browser = await startBrowser(join(place.out, 'chromium'));
  });
  afterAll(async () => {
    await browser?.stop();
    place.remove();
  });

  const open = (): Browser => browser ?? expect.fail('only within a test');
  const text = (selector: string) =>
    open().evaluate<string[]>(`[...document.querySelectorAll('${selector}')].map((one) => one.innerText.trim())`);

  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
    ['dark', 390],
  ] as const)('shows what happened, %s, %d wide', async (scheme, width) => {
    if (!existsSync(page('call'))) run('call', file, '--config', place.config, '--keys', '4711', '--html', page('call'));
    await open().look(width, scheme);
    await open().open(`file://${page('call')}`);
    expect(await text('.status')).toEqual(['FAILURE']);
    expect(await text('.hears .what')).toEqual(['hello-world', expect.stringContaining('a-prompt-with-a-very-long-name')]);
    expect(await text('.silence')).toEqual(['the caller hears nothing for 4.0 s']);
    expect(await text('.failure pre')).toEqual([
      expect.stringMatching(/^the script failed: Error: the card reader is gone\nat \S+card\.mjs, line 8\n[^]*> +8 \| +throw/),
    ]);
    expect((await text('aside dl > div')).find((one) => one.startsWith('STEP'))).toMatch(/^STEP\n\d\.\d greeted <b>\n\d\.\d asked$/);
    // Nothing sticks out of the window, and ink is not paper.
    expect(await open().evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(0);
    const lightness = (property: string) =>
      open().evaluate<number>(
        `getComputedStyle(document.body)['${property}'].match(/\\d+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0)`,
      );
    const [ink, paper] = [await lightness('color'), await lightness('backgroundColor')];
    expect(Math.abs(ink - paper)).toBeGreaterThan(400);
    expect(paper > ink).toBe(scheme === 'light');
    // On a telephone one thing stands below the other.
    const columns = await open().evaluate<number>("getComputedStyle(document.querySelector('main')).gridTemplateColumns.split(' ').length");
    expect(columns).toBe(width < 700 ? 1 : 2);
  });

  it('shows where a replay goes another way', async () => {
    run('call', file, '--config', place.config, '--keys', '4711', '--record', 'tapes');
    const [directory = ''] = readdirSync(join(place.dir, 'tapes'));
    const [tape = ''] = readdirSync(join(place.dir, 'tapes', directory));
    const other = place.script('other.mjs', script.replace("'asked'", "'forgotten'"));
    expect(run('replay', join('tapes', directory, tape), '--script', other, '--html', page('replay')).status).toBe(1);
    await open().open(`file://${page('replay')}`);
    expect(await text('.wrong .what')).toEqual(['from here on the script behaves otherwise: SET VARIABLE "STEP" "forgotten"']);
    expect(run('replay', 'tapes', '--html', page('all'))).toMatchObject({
      status: 100,
      stderr: expect.stringContaining('--html draws one recording') as string,
    });
  });

  it('is drawn of the next call that is traced', async () => {
    writeFileSync(
      place.config,
      readFileSync(place.config, 'utf8').replace('[fastagi]', `[fastagi]\ntrace_socket = ${join(place.dir, 'trace.sock')}`),
    );
    const trace = spawn(runtime, [program, 'trace', '--config', place.config, '--html', page('trace')], { stdio: 'ignore' });
    const ended = once(trace, 'exit');
    await until('the watcher', () => existsSync(join(place.dir, 'trace.sock')));
    run('call', file, '--config', place.config, '--keys', '4711');
    await ended;
    await open().open(`file://${page('trace')}`);
    expect(await text('.status')).toEqual(['FAILURE']);
    expect((await text('.facts div'))[0]).toMatch(/^channel\s+PJSIP\/100-00000001$/);
  });

  it('is not all: a terminal shows it again', () => {
    run('call', file, '--config', place.config, '--keys', '4711', '--cast', 'call.cast');
    const [head = '', ...events] = readFileSync(join(place.dir, 'call.cast'), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(head)).toMatchObject({ version: 2, width: 110, title: `fastagi call ${file}` });
    const lines = events.map((line) => JSON.parse(line) as [number, string, string]);
    expect(lines[0]).toEqual([0, 'o', expect.stringMatching(/^Asterisk .*script\r\n$/)]);
    expect(lines.map(([at]) => at)).toEqual(lines.map(([at]) => at).toSorted((one, other) => one - other));
    expect(lines.at(-1)?.[2]).toBe('✗ the script failed: Error: the card reader is gone\r\n');
    expect(Math.max(...lines.map(([at]) => at))).toBeGreaterThan(5);
  });
});
