import { given, leave } from './parts.mjs';

export default async function (agi) {
  const file = given(import.meta.url);
  leave(import.meta.url, [
    await agi.getVariable(`SHELL(echo run >> ${file})`),
    await agi.getVariable(`SHELL(cat ${file})`),
    await agi.getVariable('CALLERID(ani2)'),
    await agi.getVariable('NOSUCHFUNCTION(x)'),
    await agi.execEnumLookup('+49123'),
  ]);
}
