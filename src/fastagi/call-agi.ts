import { createAgi, type Agi as Commands, type CallContext } from '../agi/agi';
import type { Settings } from '../config/settings';
import { ivrMethods, type IvrMethods } from '../ivr/methods';
import { speechMethods, type SpeechMethods } from '../tts/methods';

/** What a script is given: the call, every AGI command as a method, and what is built on them. */
export type Agi = Commands<Settings> & SpeechMethods & IvrMethods;

/** Makes the object that a script is given. */
export function createCallAgi(call: CallContext<Settings>): Agi {
  const commands = createAgi(call);
  const speech = speechMethods(commands, call.config);
  return Object.assign(commands, speech, ivrMethods(commands, speech, call.config.phpagi.debug));
}
