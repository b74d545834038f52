import { doing, given } from './parts.mjs';

/** Hangs up its own channel as it is told, and goes on. */
export default async function (agi) {
  await doing(given(import.meta.url), { agi });
  await agi.noop();
}
