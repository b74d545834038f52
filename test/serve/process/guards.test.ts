import { afterEach, describe, expect, it, vi } from 'vitest';
import { HangupError } from '../../../src/ground/errors';
import type { Log } from '../../../src/ground/log';
import { ScriptExit } from '../../../src/ground/script-exit';
import { callsApart } from '../../../src/serve/process/calls-apart';
import { cleanConsole } from '../../../src/serve/process/console';
import { oneCall, type GuardedCall } from '../../../src/serve/process/current-call';
import { limitEnvironment } from '../../../src/serve/process/environment';
import { onExit, onSignals } from '../../../src/serve/process/events';
import { catchExit } from '../../../src/serve/process/exit';
import { watchUncaught } from '../../../src/serve/process/uncaught';
import { withoutExperimental } from '../../../src/serve/process/warnings';
import { recordedLog } from '../../support/recorded-log';

function guarded(isRunning = true): GuardedCall & { broken: unknown[]; lines: string[] } {
  const broken: unknown[] = [];
  const { log, lines } = recordedLog();
  return { log, name: 'x.js', label: '', lines, broken, breakWith: (error) => (broken.push(error), isRunning) };
}

afterEach(() => vi.restoreAllMocks());

describe('the current call', () => {
  it('is none before there is one, and then the only one for good', () => {
    const current = oneCall();
    const call = guarded();
    expect(current.get()).toBeUndefined();
    expect(current.run(call, () => current.get())).toBe(call);
    expect(current.get()).toBe(call);
  });

  it('is that which started what runs now, where there are several', async () => {
    const current = callsApart();
    const calls = [guarded(), guarded()];
    const seen = calls.map((call) => current.run(call, async () => (await new Promise(setImmediate), current.get())));
    expect(await Promise.all(seen)).toEqual(calls);
    expect(current.get()).toBeUndefined();
  });
});

describe('process.exit', () => {
  it('ends the script of the current call, and nothing else', () => {
    const current = oneCall();
    const exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
    const restoreExit = catchExit(current);
    const leave: (status?: number | string) => unknown = (status) => process.exit(status);
    leave(5);
    expect(exit).toHaveBeenCalledWith(5);
    const call = guarded();
    current.run(call, () => undefined);
    expect(() => process.exit(7)).toThrow(expect.objectContaining({ status: 7, message: 'the script called process.exit(7)' }) as Error);
    expect(() => process.exit()).toThrow(expect.objectContaining({ status: 0 }) as Error);
    expect(() => process.exit('x')).toThrow(expect.objectContaining({ status: 0 }) as Error);
    expect(call.broken).toHaveLength(3);
    expect(call.broken[0]).toBeInstanceOf(ScriptExit);
    restoreExit();
    leave(6);
    expect(exit).toHaveBeenLastCalledWith(6);
  });

  it('without a status takes process.exitCode', () => {
    const current = oneCall();
    const restoreExit = catchExit(current);
    current.run(guarded(), () => undefined);
    const before = process.exitCode;
    process.exitCode = 4;
    expect(() => process.exit()).toThrow(expect.objectContaining({ status: 4 }) as Error);
    process.exitCode = before;
    restoreExit();
  });
});

describe('what nobody catches', () => {
  function watched(current = oneCall()) {
    const listeners = new Map<string, (value: unknown) => void>();
    vi.spyOn(process, 'on').mockImplementation(
      ((name: string, listener: (value: unknown) => void) => (listeners.set(name, listener), process)) as never,
    );
    const { log, lines } = recordedLog();
    watchUncaught(current, log);
    return { listeners, lines, current };
  }

  it.each(['uncaughtException', 'unhandledRejection'])('%s ends the current call', (name) => {
    const { listeners, lines, current } = watched();
    const call = guarded();
    current.run(call, () => undefined);
    listeners.get(name)?.(new Error('lost'));
    listeners.get(name)?.(undefined);
    expect(call.broken).toEqual([new Error('lost'), undefined]);
    expect([lines, call.lines]).toEqual([[], []]);
  });

  it('is a line where the call is over, where it is a hangup, and where there is no call', () => {
    const { listeners, lines, current } = watched();
    listeners.get('uncaughtException')?.('early');
    expect(lines).toEqual(['warn nobody waited for this error: early']);
    const call = guarded(false);
    current.run(call, () => undefined);
    listeners.get('uncaughtException')?.(new Error('late'));
    listeners.get('unhandledRejection')?.(new HangupError('gone'));
    expect(call.lines).toEqual(['warn nobody waited for this error: late', expect.stringContaining('gone')]);
    expect(call.broken).toEqual([new Error('late')]);
  });

  it('is nothing new where process.exit threw it', () => {
    const { listeners, lines, current } = watched();
    const call = guarded();
    current.run(call, () => undefined);
    listeners.get('uncaughtException')?.(new ScriptExit(3));
    expect([call.broken, call.lines, lines]).toEqual([[], [], []]);
  });
});

describe('signals and the end', () => {
  it('are told each time', () => {
    const on = vi.spyOn(process, 'on').mockReturnValue(process);
    const act = vi.fn();
    onSignals(['SIGHUP', 'SIGTERM'], act);
    onExit(act);
    expect(on.mock.calls.map(([name]) => name)).toEqual(['SIGHUP', 'SIGTERM', 'exit']);
    for (const [, listener] of on.mock.calls) (listener as () => void)();
    expect(act).toHaveBeenCalledTimes(3);
  });
});

describe('the console', () => {
  const names = ['stdin', 'stdout', 'stderr'] as const;

  async function cleaned(act: (log: { of: Log }, ends: (() => void)[]) => Promise<void> | void, first: Log): Promise<void> {
    const before = names.map((name) => Object.getOwnPropertyDescriptor(process, name) as PropertyDescriptor);
    const ends: (() => void)[] = [];
    const on = (name: string, listener: () => void): NodeJS.Process => (name === 'exit' && ends.push(listener), process);
    vi.spyOn(process, 'on').mockImplementation(on as never);
    const current = { of: first };
    try {
      cleanConsole(() => current.of);
      await act(current, ends);
    } finally {
      for (const [index, name] of names.entries()) Object.defineProperty(process, name, before[index] as PropertyDescriptor);
    }
  }

  it('writes lines to the log of whoever prints, and keeps what each has begun apart', async () => {
    const [one, other] = [recordedLog(), recordedLog()];
    await cleaned((log, ends) => {
      process.stdout.write('first\nbeg');
      log.of = other.log;
      process.stdout.write('the other\n');
      process.stderr.write(Buffer.from('wrong\nnot ended'));
      log.of = one.log;
      process.stdout.write('un\n');
      expect(one.lines).toEqual(['info first', 'info begun']);
      expect(other.lines).toEqual(['info the other', 'warn wrong']);
      for (const end of ends) end();
      expect(one.lines).toHaveLength(2);
      expect(other.lines).toEqual(['info the other', 'warn wrong', 'warn not ended']);
    }, one.log);
  });

  it('has nothing to read', async () => {
    await cleaned(async () => {
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      expect(chunks).toEqual([]);
      expect(process.stdin).toBe(process.stdin);
    }, recordedLog().log);
  });
});

describe('warnings of what is experimental', () => {
  it('are left out while something is done, and no longer; others are not', () => {
    const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const result = withoutExperimental(() => {
      process.emitWarning('x', 'ExperimentalWarning');
      process.emitWarning('y', 'DeprecationWarning', 'Z');
      return 5;
    });
    expect(result).toBe(5);
    expect(() => withoutExperimental(() => { throw new Error('z'); })).toThrow('z'); // prettier-ignore
    process.emitWarning('w', 'ExperimentalWarning');
    expect(emit.mock.calls).toEqual([['y', 'DeprecationWarning', 'Z'], ['w', 'ExperimentalWarning']]); // prettier-ignore
  });
});

describe('the environment', () => {
  const known = ['HOME', 'LANG', 'LOGNAME', 'PATH', 'REMOTE_ADDR', 'REMOTE_HOST', 'REMOTE_PORT', 'TZ', 'USER'];

  it.each([
    [false, [], known],
    [true, ['MINE'], [...known, 'AST_CONFIG_DIR', 'MINE'].toSorted()],
  ])('of a script has what is known, what is named, and where Asterisk started it (%s) what that says', (isFromAsterisk, more, left) => {
    const before = { ...process.env };
    try {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, {
        ...Object.fromEntries(known.map((name) => [name, 'x'])),
        MINE: 'x',
        AST_CONFIG_DIR: '/etc',
        LD_PRELOAD: 'x',
        NODE_OPTIONS: 'x',
      });
      limitEnvironment(more, isFromAsterisk);
      expect(Object.keys(process.env).toSorted()).toEqual(left);
    } finally {
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});
