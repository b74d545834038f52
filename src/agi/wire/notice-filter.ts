/** What says that the caller hung up, at the beginning of a line; some releases of Asterisk glue it to the next reply. */
const notice = /^HANGUP(?=\n|\d{3}[ -])\n?/;

export interface NoticeFilter {
  /** Takes bytes; gives those that are no notice of a hangup, and whether there was one. */
  push(bytes: string): { rest: string; hungUp: boolean };
}

/** Takes the notices of a hangup out of what Asterisk sends. One stands at the beginning of a line, wherever the bytes are cut. */
export function createNoticeFilter(): NoticeFilter {
  let held = '';
  let inLine = false;
  return {
    push(bytes) {
      held += bytes;
      let rest = '';
      let hungUp = false;
      while (held !== '') {
        const found = inLine ? null : notice.exec(held);
        if (found) {
          hungUp = true;
          held = held.slice(found[0].length);
          continue;
        }
        if (!inLine && mayBecomeNotice(held)) break;
        const end = held.indexOf('\n') + 1 || held.length;
        inLine = held[end - 1] !== '\n';
        rest += held.slice(0, end);
        held = held.slice(end);
      }
      return { rest, hungUp };
    },
  };
}

function mayBecomeNotice(text: string): boolean {
  return 'HANGUP'.startsWith(text) || /^HANGUP\d{1,3}$/.test(text);
}
