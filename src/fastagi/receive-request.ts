import { createEnvironmentReader } from '../agi/environment';
import { parseRequest, type AgiRequest } from '../agi/request';
import { ProtocolError } from '../ground/errors';
import type { Connection } from './connection';
import { parseProxyHeader } from './proxy-header';

export interface ReceivedRequest {
  readonly request: AgiRequest;
  /** The request as it came, a byte a character, without its empty line. */
  readonly environment: string;
  /** What came after the environment's empty line; an honest Asterisk sends nothing there. */
  readonly rest: string;
  /** The address that a PROXY header named. */
  readonly proxied: string | undefined;
}

/**
 * Reads the PROXY header, if asked, and the environment. Undefined when the connection ended before its first byte:
 * somebody looked whether the port is open. Throws ProtocolError for everything else that is no request.
 * @param timeout in s
 */
export async function receiveRequest(
  connection: Connection,
  timeout: number,
  proxyProtocol: boolean,
): Promise<ReceivedRequest | undefined> {
  // Mostly all is there already, and neither a timer nor the event loop is needed, which cost a caller half a millisecond.
  const here = proxyProtocol ? undefined : connection.glance('\n\n');
  if (here !== undefined) return { ...parsed(here.slice(0, -2)), rest: '', proxied: undefined };
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `the environment was not complete after ${timeout} s; the connection is given up`;
      reject(new ProtocolError('FASTAGI_ENVIRONMENT_TIMEOUT', message));
    }, timeout * 1000);
  });
  try {
    return await Promise.race([receive(connection, proxyProtocol), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** A request that another process received. */
export function receivedOf({ environment, rest }: Pick<ReceivedRequest, 'environment' | 'rest'>): Omit<ReceivedRequest, 'proxied'> {
  return { ...parsed(environment), rest };
}

function parsed(environment: string): Pick<ReceivedRequest, 'request' | 'environment'> {
  return { request: parseRequest(environment), environment };
}

async function receive(connection: Connection, proxyProtocol: boolean): Promise<ReceivedRequest | undefined> {
  const reader = createEnvironmentReader();
  let proxied: string | undefined;
  let head = '';
  let headerDone = !proxyProtocol;
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined) {
      if (reader.size + head.length === 0) return undefined;
      throw new ProtocolError(
        'FASTAGI_ENVIRONMENT_CUT',
        `the connection ended after ${reader.size + head.length} bytes, in the middle of the environment`,
      );
    }
    head += bytes;
    if (!headerDone) {
      const header = parseProxyHeader(head);
      if (!header) continue;
      headerDone = true;
      proxied = header.address;
      head = head.slice(header.length);
    }
    const whole = reader.push(head);
    head = '';
    if (whole) return { ...parsed(whole.environment), rest: whole.rest, proxied };
  }
}
