import { createEnvironmentReader, type Environment, type EnvironmentReader } from '../agi/wire/environment-reader';
import { parseRequest, type AgiRequest } from '../agi/wire/request';
import { ProtocolError } from '../ground/errors';
import type { Connection } from './connection';

export interface Received {
  readonly request: AgiRequest;
  /** The request as it came, a byte a character, without its empty line. */
  readonly environment: string;
  /** What came after the environment's empty line; an honest Asterisk sends nothing there. */
  readonly rest: string;
  /** The address that a PROXY header named. */
  readonly proxied: string | undefined;
  /** Why it is no whole request, though it may be Asterisk's. */
  readonly problem: ProtocolError | undefined;
  /** Why the call is refused, whoever calls. */
  readonly refusal?: unknown;
}

/** So long after an empty line in the middle of an environment more of it may come, in ms. */
const patience = 250;

/**
 * Reads the PROXY header, if asked, and the environment. Undefined when the connection ended before its first byte:
 * somebody looked whether the port is open. Throws ProtocolError for everything else that is no request.
 * @param timeout in s
 */
export async function receiveRequest(connection: Connection, timeout: number, proxyProtocol: boolean): Promise<Received | undefined> {
  const reader = createEnvironmentReader();
  let first = proxyProtocol ? undefined : connection.read();
  try {
    // Mostly all is there already, and neither a timer nor the event loop is needed, which cost a caller half a millisecond.
    const here = typeof first === 'string' ? reader.push(first) : undefined;
    if (here) return receivedOf(here);
    if (typeof first === 'string') first = undefined;
    return await inTime(timeout, receive(connection, reader, proxyProtocol, first));
  } catch (problem) {
    // What began as Asterisk begins is told why it ends.
    if (!(problem instanceof ProtocolError) || problem.code === 'FASTAGI_ENVIRONMENT_CUT' || !reader.soFar.startsWith('agi_'))
      throw problem;
    return { ...receivedOf({ environment: reader.soFar, rest: '' }), problem };
  }
}

async function inTime<T>(timeout: number, received: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `the environment was not complete after ${timeout} s; the connection is given up`;
      reject(new ProtocolError('FASTAGI_ENVIRONMENT_TIMEOUT', message));
    }, timeout * 1000);
  });
  try {
    return await Promise.race([received, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** A request that was received whole. @param proxied the address that a PROXY header named */
export function receivedOf({ environment, rest }: Environment, proxied?: string): Received {
  return { request: parseRequest(environment), environment, rest, proxied, problem: undefined };
}

/** @param asked what was asked for already */
async function receive(
  connection: Connection,
  reader: EnvironmentReader,
  proxyProtocol: boolean,
  asked: Promise<string | undefined> | undefined,
): Promise<Received | undefined> {
  const head = proxyProtocol ? await receiveHeader(connection) : { proxied: undefined, rest: '' };
  if (!head) return undefined;
  let whole = head.rest === '' ? undefined : reader.push(head.rest);
  for (let next = asked; !whole; next = undefined) {
    const bytes = await (next ?? nextBytes(connection, reader));
    if (bytes === undefined && reader.size === 0) return undefined;
    whole = bytes === undefined ? reader.settle() : reader.push(bytes);
    if (bytes === undefined && !whole) throw cut(reader.size);
  }
  return receivedOf(whole, head.proxied);
}

/** Undefined at the end, and where nothing comes any more behind an empty line that may have been the last. */
async function nextBytes(connection: Connection, reader: EnvironmentReader): Promise<string | undefined> {
  if (!reader.mayBeWhole) return connection.read();
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  const bytes = await Promise.race([connection.read(), silence]);
  clearTimeout(timer);
  return bytes;
}

async function receiveHeader(connection: Connection): Promise<{ proxied: string | undefined; rest: string } | undefined> {
  const { parseProxyHeader } = await import('./proxy-header');
  let head = '';
  for (;;) {
    const bytes = await connection.read();
    if (bytes === undefined && head === '') return undefined;
    if (bytes === undefined) throw cut(head.length);
    head += bytes;
    const header = parseProxyHeader(head);
    if (header) return { proxied: header.address, rest: head.slice(header.length) };
  }
}

function cut(size: number): ProtocolError {
  return new ProtocolError(
    'FASTAGI_ENVIRONMENT_CUT',
    `the connection ended after ${size} bytes, in the middle of the environment, which an empty line must end`,
  );
}
