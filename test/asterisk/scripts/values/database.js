import { given, leave } from './parts.mjs';

export default async function (agi) {
  const results = {};
  for (const [name, value] of Object.entries(given(import.meta.url))) {
    await agi.databasePut('values', name, value);
    results[name] = await agi.databaseGet('values', name);
  }
  leave(import.meta.url, results);
}
