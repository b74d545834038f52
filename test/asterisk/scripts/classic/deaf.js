import { leave } from './parts.mjs';

export default async function (agi) {
  const { endpos } = await agi.streamFile('beep');
  leave(import.meta.url, endpos);
}
