/** One element of an application's options, escaped so that the application reads it whole. */
export function escapeElement(element: string): string {
  // Balanced brackets are part of many options, such as L(60000:1000); single ones would swallow the commas that follow.
  return element.replace(isBalanced(element) ? /[\\,"]/g : /[\\,"()[\]]/g, '\\$&');
}

function isBalanced(element: string): boolean {
  const open: string[] = [];
  for (const character of element) {
    if (character === '(' || character === '[') open.push(character);
    if (character === ')' && open.pop() !== '(') return false;
    if (character === ']' && open.pop() !== '[') return false;
  }
  return open.length === 0;
}
