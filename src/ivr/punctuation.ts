const names: Readonly<Record<string, string>> = {
  ' ': 'space', ',': 'comma', '.': 'period', '?': 'question mark', '!': 'exclamation mark', ':': 'colon', ';': 'semicolon', '#': 'pound',
  '=': 'equals', '<': 'less than', '>': 'greater than', '(': 'left parenthesis', ')': 'right parenthesis', '[': 'left bracket',
  ']': 'right bracket', '{': 'left brace', '}': 'right brace', '@': 'at', $: 'dollar sign', '&': 'ampersand', '%': 'percent', '+': 'plus',
  '-': 'minus', '*': 'asterisk', '/': 'slash', "'": 'single quote', '`': 'back tick', '"': 'quote', '^': 'caret', '\\': 'back slash', '|': 'bar',
  _: 'underscore', '~': 'tilde',
}; // prettier-ignore

/** A text character by character, each sign by its name, as it can be spoken. */
export function spelled(text: string): string {
  return [...text].map((character) => (Object.hasOwn(names, character) ? names[character] : character)).join(', ');
}
