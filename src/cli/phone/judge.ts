import { isFailure } from '../../call/outcome';
import { ConfigError } from '../../ground/errors';
import { secondsOf } from '../../tape/ladder';
import type { SimulatedRun } from '../../testing/asterisk-side';
import type { Fact } from '../../testing/scenario';

/** What a call is to come to. */
export interface Expectations {
  readonly facts: readonly Fact[];
  /** So long the caller may hear nothing, in s. */
  readonly maxSilence: number | undefined;
}

/** What is otherwise than it should be, a line each. */
export function wrongsOf(
  { call, problems, left }: Pick<SimulatedRun, 'call' | 'problems' | 'left'>,
  { facts, maxSilence }: Expectations,
): string[] {
  const wrong = [...problems, ...left];
  for (const { of, name, value } of facts) {
    const is = (of === 'variable' ? call.variables : call.database)[name];
    if (is !== value)
      wrong.push(
        `${of === 'variable' ? '' : 'database '}${name} is ${is === undefined ? 'not set' : JSON.stringify(is)}, not ${JSON.stringify(value)}`,
      );
  }
  if (maxSilence !== undefined && call.longestSilence > 1000 * maxSilence)
    wrong.push(`the caller heard nothing for ${secondsOf(call.longestSilence)}, longer than ${maxSilence} s`);
  // Without expectations a call is as it should be if it did not fail.
  if (wrong.length === 0 && facts.length === 0 && isFailure(call))
    wrong.push(`the script failed: ${call.variables['FASTAGIERROR'] ?? call.status}`);
  return wrong;
}

/** @param option whose value it is. Throws ConfigError */
export function factOf(text: string, option: string): Fact {
  const equals = text.indexOf('=');
  if (equals < 1) throw new ConfigError('FASTAGI_CALL_OPTION', `call: --${option} ${text}: write NAME=value`);
  return { of: 'variable', name: text.slice(0, equals), value: text.slice(equals + 1) };
}
