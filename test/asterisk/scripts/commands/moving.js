import { leave } from './parts.mjs';

export default async function (agi) {
  await agi.setContext('subroutine');
  await agi.setExtension('s');
  await agi.setPriority(1);
  leave(import.meta.url, true);
}
