import { expect, it } from 'vitest';
import { isFailure, isPeersFault, messageOf, outcomeOf, success } from '../../src/call/outcome';
import { ConfigError, HangupError, ProtocolError, ScriptError } from '../../src/ground/errors';
import { ScriptExit } from '../../src/ground/script-exit';

it.each([
  [new ScriptExit(0), 'SUCCESS', ''],
  [new ScriptExit(3), 'FAILURE', 'the script called process.exit(3)'],
  [new HangupError('the caller hung up'), 'HANGUP', 'the channel is gone: the caller hung up'],
  [new ScriptError('X', 'not there', { status: 'NOTFOUND' }), 'NOTFOUND', 'not there'],
  [new ScriptError('X', 'not allowed', { status: 'FORBIDDEN' }), 'FORBIDDEN', 'not allowed'],
  [new ConfigError('X', 'one\ntwo'), 'FAILURE', 'one / two'],
  [new TypeError('one\ntwo'), 'FAILURE', 'TypeError: one / two'],
  ['text', 'FAILURE', 'something else than an Error was thrown: text'],
  [undefined, 'FAILURE', 'something else than an Error was thrown: undefined'],
])('%s is %s', (error, status, reason) => {
  const outcome = outcomeOf(error);
  expect(outcome).toMatchObject({ status, reason });
  expect(outcome.error).toBe(status === 'SUCCESS' ? undefined : error);
  expect(isFailure(outcome)).toBe(status !== 'SUCCESS' && status !== 'HANGUP');
});

it('names what can be named', () => {
  expect(messageOf(new RangeError('x'))).toBe('RangeError: x');
  expect(messageOf(Object.create(null))).toBe('something was thrown that cannot be printed');
});

it('tells the fault of the peer from all others', () => {
  expect(isPeersFault(new ProtocolError('X', 'x'))).toBe(true);
  expect(isPeersFault(new ConfigError('X', 'x'))).toBe(false);
  expect(isFailure(success)).toBe(false);
});
