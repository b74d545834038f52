import { leave } from './parts.mjs';

export default async function (agi) {
  leave(import.meta.url, { ...agi.request, args: agi.args });
}
