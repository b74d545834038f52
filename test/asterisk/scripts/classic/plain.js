import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.setVariable('test', '1111');
  const playback = await agi.streamFile('beep');
  leave(import.meta.url, [agi.args, await agi.getVariable('test'), playback, agi.request.agi_network, agi.request.agi_request, agi.audio]);
}
