import { doing, given, leave, sleep } from './parts.mjs';

/** Does what it is told while the caller hangs up, and stores what it can. */
export default async function (agi) {
  const { name, call } = given(import.meta.url);
  const events = [];
  let outcome;
  agi.signal.addEventListener('abort', () => events.push('signal'));
  try {
    await agi.verbose('@@ ready');
    outcome = await doing(call, { agi, sleep });
    if (outcome?.endpos !== undefined) delete outcome.endpos;
  } catch (error) {
    outcome = error.constructor.name;
    throw error;
  } finally {
    // A dead channel still takes these; all others are refused without a round trip.
    await agi.databasePut('hangup', name, 'stored');
    await agi.setVariable('RESULT', name);
    events.push(await agi.streamFile('beep').catch((error) => error.constructor.name));
    leave(import.meta.url, { outcome, events, hungUp: agi.hungUp, aborted: agi.signal.aborted });
  }
}
