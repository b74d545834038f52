import { ProtocolError } from '../ground/errors';
import { decodeText } from './text';

/** The environment that Asterisk sent, as it was sent: `agi_channel`, `agi_callerid`, `agi_arg_1` ... */
export type AgiRequest = Readonly<Record<string, string>>;

/** The environment's lines -> record. Throws ProtocolError for what is no AGI environment. */
export function parseRequest(environment: string): AgiRequest {
  const request = Object.create(null) as Record<string, string>;
  for (const line of environment.split('\n')) {
    const colon = line.indexOf(':');
    if (!isName(line, colon) || (line.length > colon + 1 && line[colon + 1] !== ' ')) {
      throw new ProtocolError(
        'FASTAGI_ENVIRONMENT_MALFORMED',
        `a line of the environment is no "agi_name: value": ${JSON.stringify(line.slice(0, 60))}; only Asterisk should connect here`,
      );
    }
    request[line.slice(0, colon)] = decodeText(line.slice(colon + 2));
  }
  return request;
}

/** Whether the line begins with a name that ends there. */
function isName(line: string, end: number): boolean {
  if (end < 5 || !line.startsWith('agi_')) return false;
  for (let at = 4; at < end; at++) {
    const code = line.charCodeAt(at);
    const isLetter = code >= 0x61 && code <= 0x7a;
    const isDigit = code >= 0x30 && code <= 0x39;
    if (!isLetter && !isDigit && code !== 0x5f) return false;
  }
  return true;
}

/** The values of agi_arg_1, agi_arg_2 ... in their order. */
export function requestArguments(request: AgiRequest): string[] {
  const args: string[] = [];
  for (let value = request['agi_arg_1']; value !== undefined; value = request[`agi_arg_${args.length + 1}`]) {
    args.push(value);
  }
  return args;
}

/** What stands behind the `?` of the request, or an empty text. */
export function requestQuery(request: AgiRequest): string {
  const named = request['agi_network_script'] ?? request['agi_request'] ?? '';
  const mark = named.indexOf('?');
  return mark < 0 ? '' : named.slice(mark + 1);
}
