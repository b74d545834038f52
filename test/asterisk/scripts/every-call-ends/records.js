import { leave } from './parts.mjs';

export default async function (agi) {
  const { reason } = await agi.recordFile('/tmp/every-call', 'gsm', '#', 60_000, { beep: true });
  leave(import.meta.url, [reason, agi.hungUp, agi.signal.aborted]);
}
