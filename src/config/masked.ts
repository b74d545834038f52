const secretKey = /secret|pass|pwd|token|credential|(?:api|private)_?key/i;
/** A copy in which whatever a key's name or an address gives away as secret is `****`. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = secretKey.test(key) && item ? '****' : masked(item);
  return copy;
}

const secretWord = /secret|pass|pwd|token/i;

/** Without the password of `scheme://user:password@host`, and what follows `password=` in the middle of an address. */
function maskedText(text: string): string {
  // Blanks separate addresses; what stands between them is looked at once.
  return text.split(/(\s)/).map((word) => (word.includes('=') ? maskedPairs(maskedAddress(word)) : maskedAddress(word))).join(''); // prettier-ignore
}

function maskedAddress(word: string): string {
  const at = word.lastIndexOf('@');
  for (let scheme = word.indexOf('://'); scheme >= 0 && scheme < at; scheme = word.indexOf('://', scheme + 3)) {
    let end = scheme + 3;
    while (end < at && !':/@'.includes(word[end] ?? '')) end += 1;
    if (word[end] === ':' && end < at && scheme > 0) return `${word.slice(0, end + 1)}****${word.slice(at)}`;
  }
  return word;
}

function maskedPairs(word: string): string {
  const parts = word.split(/([;&?])/);
  return parts.map((part) => {
    const equals = part.indexOf('=');
    return equals > 0 && equals + 1 < part.length && secretWord.test(part.slice(0, equals)) ? `${part.slice(0, equals + 1)}****` : part;
  }).join(''); // prettier-ignore
}
