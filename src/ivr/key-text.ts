import { UsageError } from '../ground/errors';

/** How keys become characters. */
export type TextMode = 'numeric' | 'upper' | 'lower' | 'symbol';

const modes = new Map<string, TextMode>([
  ['numeric', 'numeric'], ['upper', 'upper'], ['uppercase', 'upper'], ['lower', 'lower'], ['lowercase', 'lower'], ['symbol', 'symbol'],
]); // prettier-ignore

/** A mode by its name here or phpagi's, which are in capitals. Throws UsageError for another word. */
export function textMode(name: unknown): TextMode {
  const mode = typeof name === 'string' ? modes.get(name.toLowerCase()) : undefined;
  if (mode) return mode;
  const given = typeof name === 'string' ? JSON.stringify(name) : typeof name;
  throw new UsageError('FASTAGI_TEXT_MODE', `textInput: the mode is ${given}; write numeric, upper, lower or symbol`);
}

/** By key: what it stands for when pressed once, twice ... */
const letters = [' ,.?0', '!:;#1', 'ABC2', 'DEF3', 'GHI4', 'JKL5', 'MNO6', 'PQRS7', 'TUV8', 'WXYZ9'];
const symbols = ['=', '<([{1', '@$&%2', '>)]}3', '+-*/4', "'`5", '"6', '^7', '\\|8', '_~9'];

/** What the first digit behind an empty code does. */
const commands: Readonly<Record<string, (state: TextState) => void>> = {
  2: (state) => (state.text = [...state.text].slice(0, -1).join('')),
  5: (state) => (state.mode = 'lower'),
  6: (state) => (state.mode = 'numeric'),
  7: (state) => (state.mode = 'symbol'),
  8: (state) => (state.mode = 'upper'),
  9: (state) => (state.text = state.text.split(' ').slice(0, -1).join(' ')),
};

export interface TextState {
  text: string;
  mode: TextMode;
}

/**
 * Adds to a text what keys stand for: codes, each ended by `*`. An empty code, so a `*` more, makes the next digit a
 * command: 2 takes a character back, 9 a word, 5 lower case, 6 numbers, 7 symbols, 8 upper case.
 */
export function typeKeys(keys: string, state: TextState): void {
  let isCommand = false;
  for (const code of keys.split('*')) {
    if (code === '') {
      isCommand = true;
      continue;
    }
    if (isCommand) commands[code[0] as string]?.(state);
    state.text += characterOf(isCommand ? code.slice(1) : code, state.mode);
    isCommand = false;
  }
}

/** A code is one key, pressed once or several times; what stands for nothing adds nothing. */
function characterOf(code: string, mode: TextMode): string {
  if (mode === 'numeric' || code === '') return code;
  if (!/^(\d)\1*$/.test(code)) return '';
  const character = (mode === 'symbol' ? symbols : letters)[Number(code[0])]?.[code.length - 1] ?? '';
  return mode === 'lower' ? character.toLowerCase() : character;
}
