import { doing, given, leave, sleep } from './parts.mjs';

/** Does what it is told while the caller hangs up, and takes its time behind it. */
export default async function (agi) {
  const { name, call } = given(import.meta.url);
  const events = [];
  agi.signal.addEventListener('abort', () => events.push('signal'));
  await agi.verbose('@@ ready');
  try {
    await doing(call, { agi });
  } catch (error) {
    events.push(error.constructor.name);
    throw error;
  } finally {
    await sleep(500);
    await agi.databasePut('classic', name, 'stored');
    leave(import.meta.url, [events, agi.hungUp]);
  }
}
