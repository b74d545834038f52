import { given, leave } from './parts.mjs';

export default async function (agi) {
  const values = {};
  for (const name of given(import.meta.url)) values[name] = (await agi.getVariable(name)) ?? '';
  leave(import.meta.url, { ...values, account: agi.request.agi_accountcode, name: agi.request.agi_calleridname });
}
