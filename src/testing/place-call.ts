import type { Script } from '../call/agi';
import { CallTestError, type PlacedCall } from './placed-call';
import type { PlaceCallOptions } from './asterisk-side';
import { keepTape } from './kept-tape';
import { simulate, type TapedRun } from './simulate';

/** Throws CallTestError if a call went otherwise than its test says. */
export function checkRun({ call, problems, left, tape }: TapedRun, { version = '' }: PlaceCallOptions): void {
  if (problems.length + left.length > 0) throw new CallTestError([...problems, ...left], call, keepTape(tape, version));
}

/**
 * Places a call to a script, with a strict Asterisk at the other end; no network, no Asterisk and no time are needed.
 * @throws CallTestError if a key was not wanted, a prompt was never heard or is not there, or a command waits for ever
 * @example
 * const call = await placeCall(script, { keys: '1234#', variables: { LIMIT: '3' } });
 * assert.equal(call.variables.RESULT, 'ok');
 */
export async function placeCall(script: Script, options: PlaceCallOptions = {}): Promise<PlacedCall> {
  const run = await simulate(script, options);
  checkRun(run, options);
  return run.call;
}
