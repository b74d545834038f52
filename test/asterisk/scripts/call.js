import { doing, given, leave } from './parts.mjs';

/** Does the one thing that it was given, and leaves what that gave. */
export default async function (agi) {
  leave(import.meta.url, await doing(given(import.meta.url), { agi }));
}
