import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.verbose('@@ ready');
  const { reason } = await agi.recordFile('/tmp/every-call', 'gsm', '#', 60_000);
  leave(import.meta.url, [reason, agi.hungUp, agi.signal.aborted]);
}
