import { leave, settled } from './parts.mjs';

export default async function (agi) {
  await agi.verbose('@@ ready');
  leave(import.meta.url, await settled(agi.streamFile('demo-congrats')));
}
