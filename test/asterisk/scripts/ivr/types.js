import { leave } from './parts.mjs';

export default async function (agi) {
  agi.config.tts.engine = 'none-that-is-known';
  leave(import.meta.url, await agi.textInput('upper'));
}
