import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.setVariable('BYTES', agi.rawRequest.agi_calleridname);
  leave(import.meta.url, [encodeURIComponent(agi.request.agi_calleridname), await agi.getFullVariable('${BASE64_ENCODE(${BYTES})}')]);
}
