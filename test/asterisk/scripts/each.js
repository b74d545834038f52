import { doing, given, leave, settled } from './parts.mjs';

/** Does each thing that it was given, and leaves what it came to. */
export default async function (agi) {
  const results = [];
  for (const call of given(import.meta.url)) results.push([call, await settled(doing(call, { agi }))]);
  leave(import.meta.url, results);
}
