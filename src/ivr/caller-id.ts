/** What a caller id such as `"name" <proto:user@server:port>` names; an empty text where a part is missing. */
export interface ParsedCallerId {
  name: string;
  protocol: string;
  username: string;
  host: string;
  port: string;
}

/** Takes a caller id apart; every part is optional. */
export function parseCallerId(text: string): ParsedCallerId {
  const { name, rest } = nameOf(text.trim());
  const address = between(rest);
  const at = address.lastIndexOf('@');
  const user = at < 0 ? address : address.slice(0, at);
  const server = at < 0 ? '' : address.slice(at + 1);
  const [, protocol = '', username = user] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(user) ?? [];
  const [, host = server, port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(server) ?? [];
  return { name, protocol, username, host, port };
}

/** A name stands in quotes, or in front of `<`. */
function nameOf(text: string): { name: string; rest: string } {
  const [quoted, double, single] = /^(?:"((?:[^"\\]|\\.)*)"|'([^']*)')/s.exec(text) ?? [];
  if (quoted !== undefined) return { name: single ?? (double ?? '').replace(/\\(.)/gs, '$1'), rest: text.slice(quoted.length) };
  const bracket = text.indexOf('<');
  return bracket < 0 ? { name: '', rest: text } : { name: text.slice(0, bracket).trim(), rest: text.slice(bracket) };
}

/** What stands between the brackets and blanks at both ends. */
function between(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && /[<\s]/.test(text[start] ?? '')) start += 1;
  while (end > start && /[>\s]/.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}
