const secretKey = /secret|pass|pwd|token|credential|(?:api|private)_?key/i;
/** `scheme://user:password@`, and `password=...` in the middle of an address. */
const secretText = /(\w+:\/\/[^:/@\s]*:)\S+(?=@)|((?:secret|pass\w*|pwd|token)=)[^;&\s]+/gi;

/** A copy in which whatever a key's name or an address gives away as secret is `****`. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(secretText, '$1$2****');
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = secretKey.test(key) && item ? '****' : masked(item);
  return copy;
}
