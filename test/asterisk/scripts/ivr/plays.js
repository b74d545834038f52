import { leave } from './parts.mjs';

export default async function (agi) {
  const signal = AbortSignal.timeout(3000);
  leave(import.meta.url, [
    await agi.play(['beep', { digits: 1 }, { pause: 800 }]),
    await agi.play(['demo-congrats', 'demo-thanks'], '7', { signal }).catch((error) => error.name),
    await agi.play(['beep', 'demo-congrats', 'demo-thanks'], '5'),
  ]);
}
