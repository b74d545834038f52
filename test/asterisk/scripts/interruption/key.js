import { leave } from './parts.mjs';

export default async function (agi) {
  const controller = new AbortController();
  const { digit } = await agi.streamFile('demo-congrats', '5', 0, { signal: controller.signal });
  controller.abort();
  leave(import.meta.url, [digit, await agi.channelStatus()]);
}
