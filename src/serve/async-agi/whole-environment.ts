import { ProtocolError } from '../../ground/errors';

const reply = '200 result=0\n';
/** So many times 1,024 bytes are more than any environment has. */
const most = 70;

/**
 * Reads what Asterisk has cut off an environment: the rest comes in front of the replies to the first commands.
 * @param cut what came of it
 * @param noop sends NOOP, and gives what came for it, a byte a character
 * @returns the environment, its empty line included
 */
export async function wholeEnvironment(cut: string, noop: () => Promise<string>): Promise<string> {
  let text = cut;
  for (let sent = 1; sent <= most; sent++) {
    // Each has to come before the next is asked for.
    // oxlint-disable-next-line no-await-in-loop
    text += await noop();
    const replies = reply.repeat(sent);
    if (text.endsWith(`\n\n${replies}`)) return text.slice(0, -replies.length);
  }
  throw new ProtocolError('FASTAGI_ENVIRONMENT_CUT', `the environment had no end after ${most} commands`);
}

/** Passes over what is left of an environment that nobody has read. */
export async function passOver(noop: () => Promise<string>): Promise<void> {
  let text = '';
  for (let sent = 1; sent <= most && !text.endsWith(reply.repeat(sent - 1 || 1)); sent++) {
    // oxlint-disable-next-line no-await-in-loop
    text += await noop();
  }
}
