import { describe, expect, it } from 'vitest';
import { inFull, logEnd, logFailure, type CallEnded } from '../../src/call/log-end';
import { outcomeOf, success } from '../../src/call/outcome';
import type { Sections } from '../../src/config/settings';
import { HangupError, ScriptError } from '../../src/ground/errors';
import { recordedLog } from '../support/recorded-log';
import { settingsOf } from '../support/settings';

const ended = (error: unknown, more: Partial<CallEnded> = {}): CallEnded => ({
  outcome: error === undefined ? success : outcomeOf(error),
  ms: 12.4,
  commands: 2,
  ...more,
});
const boom = Object.assign(new Error('boom'), { stack: 'Error: boom\n    at f (/s/a.js:3:4)' });
const missing = Object.assign(new ScriptError('X', 'not\nthere', { status: 'NOTFOUND' }), { stack: 'ScriptError: not\nthere\n    at f (/s/a.js:3:4)' }); // prettier-ignore

describe('the line of a call that failed', () => {
  const failure = async (end: CallEnded, sections: Sections = {}): Promise<string[]> => {
    const { log, lines } = recordedLog();
    await logFailure(log, settingsOf(sections), end);
    return lines;
  };

  it('has figures, and behind it the places that the error came through', async () => {
    expect(await failure(ended(boom))).toEqual(['error FAILURE: Error: boom (12 ms, 2 commands)\n    at f (/s/a.js:3:4)']);
    expect(await failure(ended(boom), { fastagi: { log_calls: 'no' } })).toEqual(['error FAILURE: Error: boom\n    at f (/s/a.js:3:4)']);
  });

  it('is all there is if the script is not at fault, or error_handler is off', async () => {
    expect(await failure(ended(missing, { commands: 1 }))).toEqual(['error NOTFOUND: not / there (12 ms, 1 command)']);
    expect(await failure(ended(boom), { phpagi: { error_handler: 'no' } })).toEqual(['error FAILURE: Error: boom (12 ms, 2 commands)']);
  });
});

describe('the line of a call that did not fail', () => {
  const end = (of: CallEnded, sections: Sections = {}): string[] => {
    const { log, lines } = recordedLog();
    logEnd(log, settingsOf(sections), of);
    return lines;
  };

  it('has figures, and the reason if there is one', () => {
    expect(end(ended(undefined, { ms: 12.5, commands: 0 }))).toEqual(['info SUCCESS (13 ms, 0 commands)']);
    expect(end(ended(new HangupError('the caller hung up')))).toEqual(['info HANGUP: the channel is gone: the caller hung up (12 ms, 2 commands)']); // prettier-ignore
  });

  it('is none if calls are not logged, and none of a call that failed', () => {
    expect(end(ended(undefined), { fastagi: { log_calls: 'no' } })).toEqual([]);
    expect(end(ended(boom))).toEqual([]);
  });
});

it('an error that cannot be shown in full is its message', async () => {
  const strange = new Error('boom');
  Object.defineProperty(strange, 'stack', { get: () => { throw new Error('no stack'); } }); // prettier-ignore
  expect(await inFull(strange)).toBe('Error: boom');
});
