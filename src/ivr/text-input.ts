import type { Agi } from '../agi/agi';
import { typeKeys, type TextMode, type TextState } from './key-text';
import { spelled } from './punctuation';
import type { Speak } from './prompts';

/** Reads a text by telephone keys: after a beep, and again for as long as the keys end with `**`. What there is so far is spelled each time. */
export async function textInput(agi: Agi, speak: Speak, mode: TextMode): Promise<string> {
  const state: TextState = { text: '', mode };
  for (;;) {
    const { digits } = await agi.getData('beep');
    typeKeys(digits, state);
    if (state.text !== '') await speak(spelled(state.text), '');
    if (!digits.endsWith('**')) return state.text;
  }
}
