import { doing, given, leave } from './parts.mjs';

/** Stores each value and reads it again, as it is told. */
export default async function (agi) {
  const { store, read, values } = given(import.meta.url);
  const results = {};
  for (const [name, value] of Object.entries(values)) {
    await doing(store, { agi, name, value });
    results[name] = await doing(read, { agi, name });
  }
  leave(import.meta.url, results);
}
