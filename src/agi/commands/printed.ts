/** Anything -> what PHP's print_r prints. */
export function printed(value: unknown, indent = '', outer: readonly object[] = []): string {
  if (value === null || value === undefined || value === false) return '';
  if (value === true) return '1';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (typeof value === 'symbol' || typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string')
    return String(value);
  if (typeof value === 'function') return `${value.name || 'anonymous'}()`;
  if (outer.includes(value)) return '*RECURSION*';
  const entries = value instanceof Map ? [...value] : value instanceof Set ? [...value].entries() : Object.entries(value);
  const inner = indent + '        ';
  let text = `${kind(value)}\n${indent}(\n`;
  for (const [key, item] of entries) text += `${indent}    [${String(key)}] => ${printed(item, inner, [...outer, value])}\n`;
  return `${text}${indent})\n`;
}

function kind(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  const name = prototype?.constructor?.name;
  return !name || name === 'Object' || name === 'Array' ? 'Array' : `${name} Object`;
}
