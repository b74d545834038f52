import { ManagerError } from '../../ground/errors';
import { Message, oldOutputEnd, oldOutputStart } from './message';

/** No message of Asterisk is longer, but those of console commands that print whole databases come near. */
const longestMessage = 16_777_216;
const longestBanner = 256;

/** Takes the bytes of a manager connection apart. Knows no sockets. */
export interface MessageReader {
  /**
   * The messages that these bytes complete. A line ends at LF, and a message at an empty line.
   * @param bytes a byte a character
   * @throws ManagerError for what no Asterisk manager sends
   */
  push(bytes: string): Message[];
  /** The manager's version, as soon as the banner is here. */
  readonly version: string | undefined;
  /** How many bytes of a message are here that has not ended. */
  readonly held: number;
}

export function createMessageReader(longest = longestMessage): MessageReader {
  let version: string | undefined;
  let held = '';
  /** Up to where what is held was looked through in vain, and what stands behind that: an empty line may begin there. */
  let searched = 0;
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

  const takeMessages = (): Message[] => {
    const messages: Message[] = [];
    let from = 0;
    for (;;) {
      from = behindEmptyLines(held, from);
      const end = endOfMessage(held, from, Math.max(from, searched));
      if (end === undefined) break;
      messages.push(new Message(held.slice(from, end.at)));
      from = end.at + end.length;
    }
    held = held.slice(from);
    // What ends a message has three bytes.
    searched = Math.max(0, held.length - 2);
    tail = held.slice(searched);
    if (held.length > longest) throw malformed(`a message is larger than ${longest} bytes and has no end`);
    return messages;
  };

  return {
    get version() {
      return version;
    },
    get held() {
      return held.length;
    },
    push(bytes) {
      const seam = tail + bytes;
      held += bytes;
      if (version === undefined) readBanner();
      if (version === undefined) return [];
      // Long text that is held is not put together for each piece.
      if (searched > 0 && !seam.includes('\n\r\n') && !seam.includes('\n\n') && held.length <= longest) {
        searched = held.length - 2;
        tail = seam.slice(-2);
        return [];
      }
      return takeMessages();
    },
  };
}

interface End {
  /** Where the message ends: behind it an empty line follows. */
  readonly at: number;
  readonly length: number;
}

function endOfMessage(text: string, from: number, searched: number): End | undefined {
  const isOld = text.charCodeAt(from) === 0x52 && oldOutputStart.test(text.slice(from, from + 20));
  const output = isOld ? text.indexOf(oldOutputEnd, from) : searched;
  return output < 0 ? undefined : emptyLineFrom(text, Math.max(from, output));
}

function emptyLineFrom(text: string, from: number): End | undefined {
  for (let line = text.indexOf('\n', from); line >= 0; line = text.indexOf('\n', line + 1)) {
    if (text.charCodeAt(line + 1) === 0x0a) return { at: line, length: 2 };
    if (text.charCodeAt(line + 1) === 0x0d && text.charCodeAt(line + 2) === 0x0a) return { at: line, length: 3 };
  }
  return undefined;
}

/** Some events are followed by one empty line more. */
function behindEmptyLines(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) === 0x0a) at += 1;
    else if (text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a) at += 2;
    else return at;
  }
}

function malformed(what: string): ManagerError {
  return new ManagerError('FASTAGI_MANAGER_MALFORMED', `what is at the other end does not speak as Asterisk's manager does: ${what}`);
}
