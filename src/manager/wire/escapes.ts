import type { Header, RawHeader } from './header';

/*
 * Asterisk writes some values with C escapes, and most without. The same header has them in one event and none in another: what counts
 * is who wrote it. A channel's state is a block of headers in a fixed order, whatever they begin with (`Dest`): its two names and its
 * variables have escapes. So have the value of VarSet, and the texts of presence states.
 */

const meanings: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** The headers of a message without escapes where it has some. What the sender of a UserEvent wrote stays as it is. */
export function unescapedPairs(pairs: readonly RawHeader[]): Header[] {
  const event = pairs.find(([name]) => same(name, 'Event'))?.[1] ?? '';
  const foreign = same(event, 'UserEvent') ? pairs.findIndex(([name]) => same(name, 'UserEvent')) : -1;
  return pairs.map((pair, at): Header => {
    if (foreign >= 0 && at > foreign) return pair;
    const [name, value] = pair;
    if (value === '<unknown>') return [name, undefined];
    return value.includes('\\') && isEscaped(pairs, at, event) ? [name, unescaped(value)] : pair;
  });
}

function isEscaped(pairs: readonly RawHeader[], at: number, event: string): boolean {
  const name = (pairs[at]?.[0] ?? '').toLowerCase();
  const before = (steps: number, header: string): boolean => same(pairs[at - steps]?.[0] ?? '', header);
  if (same(event, 'VarSet') && name === 'value') return true;
  if (same(event, 'PresenceStateChange') && (name === 'subtype' || name === 'message')) return true;
  for (const [own, ...block] of [
    ['calleridname', 'calleridnum', 'channelstatedesc'],
    ['connectedlinename', 'connectedlinenum', 'calleridname'],
  ] as const) {
    if (!name.endsWith(own)) continue;
    const channel = name.slice(0, -own.length);
    return block.every((header, index) => before(index + 1, channel + header));
  }
  if (!name.endsWith('chanvariable')) return false;
  const channel = name.slice(0, -'chanvariable'.length);
  return before(1, name) ? isEscaped(pairs, at - 1, event) : before(1, `${channel}linkedid`) || before(1, `${channel}tenantid`);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gsu, (_, character: string) => meanings[character] ?? character);
}

function same(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}
