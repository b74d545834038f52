import { leave } from './parts.mjs';

export default async function (agi) {
  let bytes = 0;
  await agi.verbose('@@ ready');
  for await (const part of agi.audio) bytes += part.length;
  leave(import.meta.url, [bytes > 0, agi.hungUp]);
}
