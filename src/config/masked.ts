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

/** Without the password of `scheme://user:password@host`, and what follows `password=`, up to a blank, `;` or `&`. */
function maskedText(text: string): string {
  return text.split(/(\s)/).map((word) => maskedAddress(word).split(/([;&])/).map(maskedPair).join('')).join(''); // prettier-ignore
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

const secretName = /pass|(?:secret|pwd|token)$/i;

function maskedPair(part: string): string {
  let from = 0;
  for (let equals = part.indexOf('='); equals >= 0 && equals + 1 < part.length; equals = part.indexOf('=', from)) {
    let start = equals;
    while (start > from && /\w/.test(part[start - 1] ?? '')) start -= 1;
    const name = part.slice(start, equals);
    if (secretName.test(name)) return `${part.slice(0, equals + 1)}****`;
    from = equals + 1;
  }
  return part;
}
