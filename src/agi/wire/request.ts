import { ProtocolError } from '../../ground/errors';
import { decodeReadable, percentDecoded } from '../../ground/text';

/** What Asterisk sent when the call began. @see Asterisk: AGI environment */
export interface AgiRequest {
  /** `yes` where the call came over the network (FastAGI). */
  readonly agi_network?: string | undefined;
  /** What the URL named behind the host, its query included: `probe/x.js?foo=bar`. FastAGI only. */
  readonly agi_network_script?: string | undefined;
  /** The whole URL, or the program's path in classic AGI. */
  readonly agi_request: string;
  /** The channel's name, `PJSIP/100-00000001`. */
  readonly agi_channel: string;
  /** The language of the channel's sounds, `en`. */
  readonly agi_language: string;
  /** The channel's technology, `PJSIP`. */
  readonly agi_type: string;
  /** The call's own id, `1700000000.1`. */
  readonly agi_uniqueid: string;
  /** Asterisk's version, `22.10.1`. */
  readonly agi_version: string;
  /** The caller's number; `unknown` where there is none. */
  readonly agi_callerid: string;
  /** The caller's name; `unknown` where there is none. Whoever calls may choose it. */
  readonly agi_calleridname: string;
  /** How the number may be shown, a number: 0 allowed, 32 and more not. */
  readonly agi_callingpres: string;
  /** What kind of line the caller has (ANI II digits); 0 where it is not known. */
  readonly agi_callingani2: string;
  /** The type of the caller's number (TON); 0 where it is not known. */
  readonly agi_callington: string;
  /** The transit network that was selected; 0 where there is none. */
  readonly agi_callingtns: string;
  /** The number that was dialled; `unknown` where it is not known. */
  readonly agi_dnid: string;
  /** The number that redirected the call; `unknown` where none did. */
  readonly agi_rdnis: string;
  /** The dialplan's context at the start of the script. */
  readonly agi_context: string;
  /** The dialplan's extension at the start of the script. */
  readonly agi_extension: string;
  /** The dialplan's priority at the start of the script, a number. */
  readonly agi_priority: string;
  /** `1.0` under EAGI, which has the caller's audio, else `0.0`. */
  readonly agi_enhanced: string;
  /** The channel's account code; often empty. */
  readonly agi_accountcode: string;
  /** The thread of Asterisk that waits for the script. */
  readonly agi_threadid: string;
  /** The arguments behind the script's name, `agi_arg_1` first; `args` has them as an array. */
  readonly [argument: `agi_arg_${number}`]: string | undefined;
  /** What other versions of Asterisk, and programs that speak AGI, send besides. */
  readonly [other: `agi_${string}`]: string | undefined;
}

/** What every Asterisk sends, in this order; agi_network and agi_network_script stand before, the arguments behind. */
const order = [
  'request', 'channel', 'language', 'type', 'uniqueid', 'version', 'callerid', 'calleridname', 'callingpres', 'callingani2', 'callington',
  'callingtns', 'dnid', 'rdnis', 'context', 'extension', 'priority', 'enhanced', 'accountcode', 'threadid',
].map((name) => `agi_${name}`); // prettier-ignore
/** A name, and what a line with it begins with. */
type Beginning = readonly [name: string, beginning: string];
const beginningOf = (name: string): Beginning => [name, `${name}: `];
const beginnings = order.map(beginningOf);
const networkBeginnings = ['agi_network', 'agi_network_script'].map(beginningOf);

/**
 * The environment's lines -> record. Asterisk escapes nothing: a line that is no name in its place goes on with the value before, so
 * that no value can make up a name. Throws ProtocolError for what is no AGI environment.
 * @param decode bytes -> text; readable text unless given
 */
export function parseRequest(environment: string, decode = decodeReadable): AgiRequest {
  const lines = environment.split('\n');
  const usual = parseUsual(lines, decode);
  if (usual) return usual;
  if (nameOf(lines[0] ?? '') === undefined) {
    throw new ProtocolError(
      'FASTAGI_ENVIRONMENT_MALFORMED',
      `the environment begins with no "agi_name: value": ${JSON.stringify(lines[0]?.slice(0, 60))}; only Asterisk should connect here`,
    );
  }
  const bytes = new Map<string, string[]>();
  let value: string[] = [];
  const isInPlace = placesOf(lines);
  for (const [index, line] of lines.entries()) {
    const name = nameOf(line);
    if (name === undefined || bytes.has(name) || !isInPlace(name, index)) {
      value.push(line);
      continue;
    }
    value = [line.slice(name.length + 2)];
    bytes.set(name, value);
  }
  const request = Object.create(null) as Record<string, string>;
  for (const [name, parts] of bytes) request[name] = decode(parts.join('\n'));
  // A peer that is no whole Asterisk may leave some out, and what a script reads then is undefined.
  return request as unknown as AgiRequest;
}

/** What nearly every Asterisk sends: each line the one that is next, and none that goes on with a value. Undefined for all else. */
function parseUsual(lines: readonly string[], decode: (bytes: string) => string): AgiRequest | undefined {
  const request = Object.create(null) as Record<string, string>;
  let at = 0;
  const take = ([name, beginning]: Beginning): boolean => {
    const line = lines[at];
    if (!line?.startsWith(beginning)) return false;
    request[name] = decode(line.slice(beginning.length));
    at += 1;
    return true;
  };
  for (const beginning of networkBeginnings) take(beginning);
  for (const beginning of beginnings) if (!take(beginning)) return undefined;
  for (let arg = 1; at < lines.length; arg++) if (!take(beginningOf(`agi_arg_${arg}`))) return undefined;
  return request as unknown as AgiRequest;
}

/** Tells whether a name may stand in a line. From a whole Asterisk it must be the next; from others it only must not steer. */
function placesOf(lines: readonly string[]): (name: string, index: number) => boolean {
  const isWhole = hasAllInOrder(lines);
  let next = 0;
  let args = 0;
  return (name, index) => {
    if (name === 'agi_network') return index === 0;
    if (name === 'agi_network_script') return index <= 1;
    if (name.startsWith('agi_arg_')) {
      const isNext = name === `agi_arg_${args + 1}` && (!isWhole || next === order.length);
      if (isNext) args += 1;
      return isNext;
    }
    if (!isWhole || !order.includes(name)) return true;
    const isNext = name === order[next];
    if (isNext) next += 1;
    return isNext;
  };
}

function hasAllInOrder(lines: readonly string[]): boolean {
  let next = 0;
  for (const line of lines) if (next < order.length && line.startsWith((beginnings[next] as Beginning)[1])) next += 1;
  return next === order.length;
}

/** The name that a line begins with, `agi_name: `. */
function nameOf(line: string): string | undefined {
  const end = line.indexOf(':');
  if (end < 5 || !line.startsWith('agi_') || (line.length > end + 1 && line[end + 1] !== ' ')) return undefined;
  for (let at = 4; at < end; at++) {
    const code = line.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== 0x5f) return undefined;
  }
  return line.slice(0, end);
}

/** The values of agi_arg_1, agi_arg_2 ... in their order. */
export function requestArguments(request: AgiRequest): string[] {
  const args: string[] = [];
  for (let value = request['agi_arg_1']; value !== undefined; value = request[`agi_arg_${args.length + 1}`]) {
    args.push(value);
  }
  return args;
}

/** What stands behind the `?` of the request. URIENCODE of a name in Latin-1 gives bytes that are no UTF-8. */
export function requestQuery(request: AgiRequest): URLSearchParams {
  const named = request['agi_network_script'] ?? request['agi_request'] ?? '';
  const mark = named.indexOf('?');
  const query = new URLSearchParams();
  for (const pair of mark < 0 ? [] : named.slice(mark + 1).split('&')) {
    const equals = pair.includes('=') ? pair.indexOf('=') : pair.length;
    if (pair !== '') query.append(unescaped(pair.slice(0, equals)), unescaped(pair.slice(equals + 1)));
  }
  return query;
}

function unescaped(text: string): string {
  return decodeReadable(percentDecoded(text.replaceAll('+', ' ')));
}
