import { describe, expect, it } from 'vitest';
import { FastagiError, type Agi } from '../../../src';
import type { AsteriskOptions, ManagerServerOptions } from '../../../src/testing';
import { connected, eventually } from '../../manager/support/connected';

const many = 'ü,"'.repeat(700);
const bytes = Buffer.from(many).toString('latin1');

/** Serves one call to its end. */
async function serve(script: (agi: Agi) => unknown, asterisk: AsteriskOptions = {}, server: ManagerServerOptions = {}): Promise<string[]> {
  const { server: played, manager } = await connected(server);
  let isOver = false;
  const service = manager.agi((agi) => Promise.resolve(script(agi)).finally(() => (isOver = true)));
  await manager.ping();
  const { commands } = played.asyncAgi({}, asterisk);
  await eventually(() => isOver && service.calls === 0);
  return [...commands];
}

/** What a promise comes to, or the code of its error. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof FastagiError ? error.code : (error as Error).name));

describe('values that Asterisk cuts', () => {
  it('are read again in parts, to the byte, where that runs nothing twice', async () => {
    const seen: unknown[] = [];
    const commands = await serve(
      async (agi) => {
        seen.push((await agi.getVariable('MANY')) === many, (await agi.getFullVariable('${MANY}')) === many);
        seen.push((await agi.databaseGet('family', 'key')) === many);
        seen.push(await codeOf(agi.getFullVariable('${MANY}${MANY}')), await agi.getVariable('SHORT'));
      },
      { variables: { MANY: bytes, SHORT: 'in step' }, database: { 'family/key': bytes } },
    );
    expect(seen).toEqual([true, true, true, 'FASTAGI_ASYNC_CUT', 'in step']);
    expect(commands.filter((line) => line.includes('${MANY}${MANY}'))).toHaveLength(1);
  });
});

describe('a signal over the manager', () => {
  const signal = (): AbortSignal => AbortSignal.timeout(20);
  const sounds = { long: 60_000 };

  it('ends a question by a key of its own, and a wait by a stop', async () => {
    const seen: unknown[] = [];
    await serve(
      async (agi) => {
        seen.push(await codeOf(agi.getData('long', 60_000, 4, { signal: signal() })));
        seen.push(await codeOf(agi.waitForDigit(60_000, { signal: signal() })));
        seen.push(await agi.getVariable('X'));
      },
      { sounds, variables: { X: 'in step' } },
    );
    expect(seen).toEqual(['TimeoutError', 'TimeoutError', 'in step']);
  });

  it('fails, and says why, if Asterisk has nothing that could stop it', async () => {
    const unknown = { actions: { controlplayback: () => ({ error: 'Invalid/unknown command: ControlPlayback. Use Action: ListCommands to show available commands.' }) } }; // prettier-ignore
    let code: unknown;
    await serve(async (agi) => void (code = await codeOf(agi.streamFile('short', '', 0, { signal: signal() }))), { sounds: { short: 100 } }, unknown); // prettier-ignore
    expect(code).toBe('FASTAGI_ASYNC_STOP');
  });
});

describe('dbGet', () => {
  it.each([
    ['one\ntwo: three', 'one\ntwo: three'],
    ['x\n\nActionID: y', 'FASTAGI_MANAGER_VALUE'],
    ['a\nActionID: x', 'FASTAGI_MANAGER_VALUE'],
  ])('gives a value with newlines, or an error: %j', async (value, expected) => {
    const { server, manager } = await connected();
    server.database.set('family/key', value);
    expect(await codeOf(manager.dbGet({ family: 'family', key: 'key' }))).toBe(expected);
  });
});
