import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project } from '../support/super-server';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'fastagi-types-'));
  const door = (name: string): string[] => [join(project, `dist/types/${name}.d.ts`)];
  const paths = { fastagi: door('index'), 'fastagi/manager': door('manager'), 'fastagi/testing': door('testing') };
  const compilerOptions = {
    target: 'es2023', module: 'nodenext', moduleResolution: 'nodenext', strict: true, noEmit: true, exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true, skipLibCheck: true, types: ['node'],
    typeRoots: [join(project, 'node_modules/@types')], paths,
  }; // prettier-ignore
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What the compiler says of these sources, each a file. */
function compile(sources: Record<string, string>): string {
  for (const name of readdirSync(dir)) if (name.endsWith('.mts')) rmSync(join(dir, name));
  for (const [name, source] of Object.entries(sources)) writeFileSync(join(dir, `${name}.mts`), source);
  return spawnSync(join(project, 'node_modules/.bin/tsc'), ['-p', dir, '--pretty', 'false'], { encoding: 'utf8' }).stdout;
}

/** The example of each method that has one, by its name. */
function examples(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const text = readFileSync(join(project, 'src', file), 'utf8');
    for (const [, code = '', name = ''] of text.matchAll(/@example\n((?: +\* [^\n]*\n)+?) +\*\/\n +(\w+)[<(]/g)) {
      found[name] = code.replace(/^ +\* ?/gm, '');
    }
  }
  return found;
}

const script = (body: string): string =>
  `import type { Agi } from 'fastagi';\nexport default async function (fastagi: Agi) {\n${body}\n}\n`;

describe('the types, as a user has them', () => {
  it('take the examples that stand in the hovers', () => {
    const found = examples();
    for (const name of [
      'answer',
      'hangup',
      'verbose',
      'streamFile',
      'getData',
      'waitForDigit',
      'recordFile',
      'sayDigits',
      'sayNumber',
      'setVariable',
      'getVariable',
      'exec',
      'gosub',
      'databaseGet',
      'databasePut',
      'menu',
      'ask',
      'play',
      'say',
      'execDial',
      'goto',
      'playWhile',
    ])
      expect(found[name], name).toBeDefined();
    expect(compile(Object.fromEntries(Object.entries(found).map(([name, code]) => [name, script(code)])))).toBe('');
  });

  it('name what Asterisk sends, the keys of a menu, and take undefined for whatever may be left out', () => {
    const source = `import type { Agi, AskOptions, CallFileOptions, MenuOptions, Script } from 'fastagi';
import { callFile } from 'fastagi';
const script: Script = async (fastagi) => {
  const caller: string = fastagi.request.agi_callerid;
  const first: string | undefined = fastagi.request.agi_arg_1;
  const other: string | undefined = fastagi.request.agi_something_new;
  const key: '1' | '2' | undefined = await fastagi.menu({ 1: 'one', 2: 'two' });
  const star: '*' | undefined = await fastagi.menu([['*', 'star']]);
  const digit: string | undefined = (await fastagi.play('hello', undefined, { signal: undefined })).digit;
  const asked: AskOptions = { digits: undefined, terminator: undefined, cancel: undefined, timeouts: { first: undefined }, validate: undefined, attempts: undefined };
  const menu: MenuOptions = { attempts: undefined, invalid: undefined, onTimeout: undefined };
  const call: CallFileOptions = { channel: 'PJSIP/1', context: undefined, application: 'Echo', variables: undefined, maxRetries: undefined };
  callFile({ ...call, at: undefined, spool: undefined });
  await fastagi.recordFile('x', 'wav', undefined, undefined, { beep: undefined });
  await fastagi.controlStreamFile('x', '', { skip: undefined, pause: undefined });
  await fastagi.ask({ dateTime: 0, format: undefined }, asked);
  await fastagi.menu({ 1: { number: 1, gender: undefined } }, undefined, menu);
  await fastagi.verbose([caller, first, other, key, star, digit]);
};
export default script;
export const commonly = (agi: Agi): Promise<void> => agi.answer();
`;
    expect(compile({ good: source })).toBe('');
  });

  it('refuse what is wrong', () => {
    const wrong = [
      'fastagi.request.calleridname',
      "fastagi.request.agi_callerid = 'x'",
      "const key: '3' | undefined = await fastagi.menu({ 1: 'one', 2: 'two' })",
      "const key: '3' | undefined = await fastagi.menu([['1', 'one']])",
      'await fastagi.play(5)',
      'await fastagi.streamfile("x")',
      "await fastagi.tddMode('maybe')",
    ];
    const said = compile(Object.fromEntries(wrong.map((line, index) => [`wrong${index}`, script(line)])));
    for (const index of wrong.keys()) expect(said).toContain(`wrong${index}.mts(3,`);
  });

  it("know a manager's events, and those that are added", () => {
    const source = `import { connectManager, ManagerError, type AsteriskManager, type Dropped, type Gap, type ManagerEvents, type Message } from 'fastagi/manager';
declare module 'fastagi/manager' {
  interface ManagerEvents {
    UserEvent: 'UserEvent' | 'Ticket';
  }
}
const known: keyof ManagerEvents = 'UserEvent';
const ticket: ManagerEvents['UserEvent'] = 'Ticket';
const manager: AsteriskManager = await connectManager({ server: 'localhost', port: undefined, tls: true, tlsCa: undefined, tlsName: 'pbx', signal: undefined });
const answer: Message = await manager.action('Getvar', { Channel: 'x', Variable: 'X' }, { timeout: 5, signal: undefined, wait: true });
const [first] = answer.headers;
const raw: string = answer.raw + first?.[0] + (first?.[1] ?? '');
for await (const item of manager.list('CoreShowChannels', {})) raw.concat(item.get('Channel') ?? '');
for await (const event of manager.events({ names: ['Hangup', 'Newchannel'], filter: (one) => one.get('Channel') !== raw })) {
  if ('dropped' in event) {
    const { dropped, from, to }: Dropped = event;
    raw.concat(String(dropped), from.toISOString(), to.toISOString());
  } else {
    const name: 'Hangup' | 'Newchannel' = event.name;
    raw.concat(name, event.get('Cause-txt') ?? '', event.chanVariables().get('X') ?? '');
  }
}
manager.on('Hangup', (event) => event.get('Cause'));
manager.on('SomebodyElses', (event) => event.get('Anything'));
manager.on('UserEvent', (event) => event.get('Ticket'));
manager.on('*', async (event) => event.name);
manager.on('ready', ({ from }: Gap) => from.getTime());
manager.on('end', ({ reason, error }) => reason === 'SLOW_READER' && error instanceof ManagerError);
const call = await manager.originate({ channel: 'x', context: 'c', extension: 'e', variables: { A: 1 }, signal: undefined, timeout: 5 });
const outcome: 'answered' | 'busy' | 'noAnswer' | 'congestion' | 'failed' = call.outcome;
const cause: number | undefined = (await call.ended)?.cause ?? call.cause;
const { text, ok }: { text: string; ok: boolean } = await manager.command('core show version');
await manager.close();
console.log(outcome, cause, text, ok, known, ticket);
`;
    expect(compile({ manager: source })).toBe('');
    const wrong = [
      "await manager.action('Ping', { Variable: null })",
      "await manager.originate({ context: 'c' })",
      "manager.on('Hangup', 5)",
      'await manager.events({ names: [5] })',
      'await connectManager({ insecure: true })',
    ];
    const head = "import { connectManager } from 'fastagi/manager';\nconst manager = await connectManager();\n";
    const said = compile(Object.fromEntries(wrong.map((line, index) => [`wrong${index}`, head + line])));
    for (const index of wrong.keys()) expect(said, wrong[index]).toContain(`wrong${index}.mts(3,`);
  });
});
