import { leave, settled } from './parts.mjs';

export default async function (agi) {
  await agi.verbose('@@ ready');
  const playback = await settled(agi.streamFile('demo-congrats'));
  leave(import.meta.url, [playback, await settled(agi.databasePut('hangup', 'leaving', 'lost'))]);
}
