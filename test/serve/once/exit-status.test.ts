import { expect, it } from 'vitest';
import { exitStatusOfError } from '../../../src/ground/exit-status';
import { exitStatusOf } from '../../../src/serve/once/exit-status';
import { outcomeOf, success } from '../../../src/call/outcome';
import { ConfigError, HangupError, IdentityError, ProtocolError, ScriptError } from '../../../src/ground/errors';

it.each([
  ['a success', success, 0],
  ['a hangup', outcomeOf(new HangupError('gone')), 0],
  ["the operator's mistake", outcomeOf(new ConfigError('FASTAGI_CONFIG_VALUE', 'x')), 100],
  ["the system's refusal", outcomeOf(new IdentityError('FASTAGI_IDENTITY', 'x')), 111],
  ['a script that throws', outcomeOf(new Error('x')), 1],
  ['a script that is not there', outcomeOf(new ScriptError('FASTAGI_SCRIPT_NOT_FOUND', 'x', { status: 'NOTFOUND' })), 1],
])('after %s', (_what, outcome, status) => expect(exitStatusOf(outcome, 1)).toBe(status));

it.each([
  ["the operator's mistake", new ConfigError('FASTAGI_CONFIG_VALUE', 'x'), 100],
  ["the system's refusal", new IdentityError('FASTAGI_IDENTITY', 'x'), 111],
  ["a peer's fault", new ProtocolError('FASTAGI_ENVIRONMENT_CUT', 'x'), 111],
  ['a defect of ours', new TypeError('x'), 101],
])('outside of every call, after %s', (_what, error, status) => expect(exitStatusOfError(error)).toBe(status));
