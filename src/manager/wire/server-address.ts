import { UsageError } from '../../ground/errors';

export interface ServerAddress {
  readonly host: string;
  /** Undefined where the text names none. */
  readonly port: number | undefined;
}

/** `host`, `host:port`, `[::1]:port` or a bare IPv6 address. @throws UsageError */
export function parseServer(server: string): ServerAddress {
  const [, bracketed, named, digits] = /^(?:\[([0-9A-Fa-f:.]+(?:%\w+)?)\]|([^:[\]\s/]+))(?::(\d{1,5}))?$/.exec(server) ?? [];
  const host = bracketed ?? named ?? bareIpv6(server);
  const port = digits === undefined ? undefined : Number(digits);
  if (host !== undefined && (port === undefined || (port >= 1 && port <= 65_535))) return { host, port };
  throw new UsageError(
    'FASTAGI_MANAGER_SERVER',
    `the manager's server is ${JSON.stringify(server)}; write host, host:port or [IPv6 address]:port`,
  );
}

/** An address as people write it. */
export function printServer(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function bareIpv6(text: string): string | undefined {
  const isMade = /^[0-9A-Fa-f:.]+(?:%\w+)?$/.test(text);
  return isMade && text.split(':').length > 2 ? text : undefined;
}

/** Whether a server is this machine, by its name. */
export function isLoopback(server: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(parseServer(server).host);
}
