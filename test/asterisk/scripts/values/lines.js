import { given, leave } from './parts.mjs';

export default async function (agi) {
  const results = {};
  for (const name of given(import.meta.url)) {
    await agi.setVariable('STEP', name);
    results[name] = [
      await agi.getVariable(name),
      await agi.getFullVariable('<${' + name + '}>'),
      await agi.databaseGet('lines', name),
      await agi.getVariable('STEP'),
      agi.hungUp,
    ];
  }
  leave(import.meta.url, results);
}
