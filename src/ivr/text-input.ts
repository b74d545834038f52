import type { Commands } from '../agi/agi';
import { textMode, typeKeys, type TextState } from './key-text';
import { TtsError } from '../ground/errors';
import { spelled } from './punctuation';
import type { Speak } from './prompts';

/** Reads a text by telephone keys: after a beep, and again for as long as the keys end with `**`. What there is so far is spelled each time. */
export async function textInput(agi: Commands, speak: Speak, mode: string): Promise<string> {
  const state: TextState = { text: '', mode: textMode(mode) };
  for (;;) {
    const { digits } = await agi.getData('beep');
    typeKeys(digits, state);
    if (state.text !== '') await spell(agi, speak, state.text);
    if (!digits.endsWith('**')) return state.text;
  }
}

/** What was typed must not be lost because it cannot be spoken. */
async function spell(agi: Commands, speak: Speak, text: string): Promise<void> {
  try {
    await speak(spelled(text), '', {});
  } catch (error) {
    if (!(error instanceof TtsError)) throw error;
    agi.log.warn(`textInput: what was typed is not spelled: ${error.message}`);
  }
}
