import { given, leave } from './parts.mjs';

export default async function (agi) {
  const results = {};
  for (const [name, value] of Object.entries(given(import.meta.url))) {
    await agi.setVariable('VALUE', value);
    results[name] = await agi.getVariable('VALUE');
  }
  leave(import.meta.url, results);
}
