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
  let isVariable = false;
  return pairs.map((pair, at): Header => {
    if (foreign >= 0 && at > foreign) return pair;
    const [name, value] = pair;
    // Variables stand behind a channel's state, or one behind the other.
    isVariable = endsWith(name, 'chanvariable') && (behindState(pairs, at) || (isVariable && same(pairs[at - 1]?.[0] ?? '', name)));
    if (value === '<unknown>') return [name, undefined];
    const isEscaped = value.includes('\\') && (isVariable || isText(name, event) || isName(pairs, at));
    return isEscaped ? [name, unescaped(value)] : pair;
  });
}

function isText(name: string, event: string): boolean {
  if (same(event, 'VarSet')) return same(name, 'Value');
  return same(event, 'PresenceStateChange') && (same(name, 'Subtype') || same(name, 'Message'));
}

/** Each name of a channel's state, and the two headers before it. */
const names = [
  ['calleridname', 'calleridnum', 'channelstatedesc'],
  ['connectedlinename', 'connectedlinenum', 'calleridname'],
] as const;

function isName(pairs: readonly RawHeader[], at: number): boolean {
  const name = pairs[at]?.[0] ?? '';
  return names.some(([own, ...before]) => {
    if (!endsWith(name, own)) return false;
    const channel = name.slice(0, -own.length);
    return before.every((header, index) => same(pairs[at - index - 1]?.[0] ?? '', channel + header));
  });
}

function behindState(pairs: readonly RawHeader[], at: number): boolean {
  const channel = (pairs[at]?.[0] ?? '').slice(0, -'chanvariable'.length);
  const before = pairs[at - 1]?.[0] ?? '';
  return same(before, `${channel}Linkedid`) || same(before, `${channel}Tenantid`);
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/gsu, (_, character: string) => meanings[character] ?? character);
}

function same(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase();
}

function endsWith(name: string, end: string): boolean {
  return name.length >= end.length && name.slice(-end.length).toLowerCase() === end;
}
