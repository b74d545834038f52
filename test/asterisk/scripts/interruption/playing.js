import { leave, sleep } from './parts.mjs';

const failing = async () => {
  await sleep(100);
  throw new Error('the error');
};

export default async function (agi) {
  const value = await agi.playWhile(sleep(2000, 'the value'), 'beep');
  const failed = await agi.playWhile(failing(), 'demo-congrats').catch((error) => error.message);
  const silent = await agi.playWhile(sleep(300, 'without a sound'), 'no-such-file');
  leave(import.meta.url, [value, failed, silent, await agi.channelStatus(), agi.hungUp]);
}
