import { ManagerError } from '../../ground/errors';
import { oldOutputEnd, oldOutputStart } from './message';

/** No message of Asterisk is longer, but those of console commands that print whole databases come near. */
const longestMessage = 16_777_216;
const longestBanner = 256;

const end = '\r\n\r\n';

/** Takes the bytes of a manager connection apart. Knows no sockets. */
export interface MessageReader {
  /**
   * The messages that these bytes complete, each without the empty line that ends it.
   * @throws ManagerError for what no Asterisk manager sends
   */
  push(bytes: string): string[];
  /** The manager's version, as soon as the banner is here. */
  readonly version: string | undefined;
}

export function createMessageReader(longest = longestMessage): MessageReader {
  let version: string | undefined;
  let held = '';
  /** The end of what is held: an end of message may begin there. Held text itself is not searched twice. */
  let tail = '';

  const readBanner = (): void => {
    const line = held.indexOf('\n');
    const banner = line < 0 ? held : held.slice(0, line);
    if (line < 0 && banner.length <= longestBanner) return;
    const found = /^Asterisk Call Manager[^/]{0,40}\/(\S{1,40})\s*$/.exec(banner);
    if (!found)
      throw malformed(`it greets with ${JSON.stringify(banner.slice(0, 60))}, which is no Asterisk manager: correct server and port`);
    version = found[1];
    held = held.slice(line + 1);
  };

  const takeMessage = (): string | undefined => {
    while (held.startsWith('\r\n')) held = held.slice(2);
    const marker = held.startsWith(oldOutputStart) ? oldOutputEnd + end : end;
    const at = held.indexOf(marker);
    if (at < 0) return undefined;
    const message = held.slice(0, at + marker.length - end.length);
    held = held.slice(at + marker.length);
    return message;
  };

  return {
    get version() {
      return version;
    },
    push(bytes) {
      const messages: string[] = [];
      const seam = tail + bytes;
      held += bytes;
      if (version === undefined) readBanner();
      else if (!seam.includes(end)) {
        tail = seam.slice(1 - end.length);
        if (held.length > longest) throw malformed(`a message is larger than ${longest} bytes and has no end`);
        return messages;
      }
      if (version !== undefined) {
        for (let next = takeMessage(); next !== undefined; next = takeMessage()) messages.push(next);
        if (held.length > longest) throw malformed(`a message is larger than ${longest} bytes and has no end`);
      }
      tail = held.slice(1 - end.length);
      return messages;
    },
  };
}

function malformed(what: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_MALFORMED', `what is at the other end does not speak as Asterisk's manager does: ${what}`);
}
