import { leave, settled } from './parts.mjs';

export default async function (agi) {
  leave(import.meta.url, [agi.hungUp, await settled(agi.setVariable('A', 'b')), await settled(agi.streamFile('beep')), agi.hungUp]);
}
