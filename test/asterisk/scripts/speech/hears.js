import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.speechCreate('ours');
  leave(import.meta.url, [await agi.speechRecognize('silence/1', 5), await agi.channelStatus(), agi.hungUp]);
}
