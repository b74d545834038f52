import { leave } from './parts.mjs';

export default async function (agi) {
  const gone = AbortSignal.abort(new Error('before'));
  const results = [await agi.streamFile('beep', '', 0, { signal: gone }).catch((error) => error.message)];
  const controller = new AbortController();
  const first = agi.waitForDigit(200);
  const second = agi.streamFile('beep', '', 0, { signal: controller.signal }).catch((error) => error.message);
  controller.abort(new Error('in the queue'));
  results.push(await first, await second, await agi.channelStatus());
  leave(import.meta.url, results);
}
