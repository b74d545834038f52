import { given, leave } from './parts.mjs';

export default async function (agi) {
  agi.config.phpagi.tempdir = given(import.meta.url);
  agi.config.tts.engine = 'espeak-ng';
  const first = await agi.say('hello, the server has been called');
  const again = await agi.say('hello, the server has been called');
  leave(import.meta.url, [first, again, await agi.ask('*a question', { digits: 1, attempts: 1, timeouts: { first: 100 } })]);
}
