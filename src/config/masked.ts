const secretKey = /secret|passw|token|credential|api_?key/i;

/** A copy in which whatever a key's name or an address gives away as secret is `****`. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/(\w+:\/\/[^:/@\s]*):[^@\s]+@/g, '$1:****@');
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) copy[key] = secretKey.test(key) && item ? '****' : masked(item);
  return copy;
}
