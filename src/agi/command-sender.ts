import { CommandError, HangupError, SessionEndedError } from '../ground/errors';
import { createSecrets, type Secrets } from '../ground/secrets';
import { joinedLines, mended } from '../ground/visible';
import type { Channel } from './channel';
import { commandLine, type Argument } from './wire/command-line';
import { checkedOptions } from '../ground/argument';
import { readsKeys, traitsOf, writesValue } from './wire/command-table';
import { keyOf, type Reply } from './wire/reply';
import { decodeText } from '../ground/text';

/** How a command can be stopped in the middle. */
export interface Interruptible {
  /** Stops the command when it fires; the method then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** Whether what a command writes or reads is secret. */
export interface Secrecy {
  /** It stands nowhere: not in the log, on the console, in a trace, a recording or a mail; a mark does. */
  secret?: boolean | undefined;
}

export interface SendOptions extends Interruptible, Secrecy {
  fence?: string | undefined;
  /** Results that mean that the command failed; -1 unless given. */
  failures?: readonly string[];
}

/** Sends commands for the methods of `Agi`, and tells failure from hangup. */
export interface CommandSender {
  readonly channel: Channel;
  /** How long a line may be, in bytes. */
  readonly limit: number;
  readonly secrets: Secrets;
  /** Whatever keys come while this runs are secret. */
  readSecretly<T>(read: () => Promise<T>): Promise<T>;
  /** Gives a reply of code 200 that is no failure. Throws CommandError, HangupError, UsageError. */
  send(words: string, args?: readonly (Argument | undefined)[], options?: SendOptions): Promise<Reply>;
  /**
   * Goes on with what `make` makes, at once: commands are sent in the order in which a script calls for them. An error of `make` comes as
   * those of `send` do, after a turn of the event loop.
   */
  checked<T, R>(make: () => T, then: (made: T) => Promise<R>): Promise<R>;
  /**
   * The error for a reply that says that the command failed: HangupError where the channel is gone.
   * @param first the command's first argument
   */
  failure(words: string, first: unknown, reply: Reply, why?: string): Promise<Error>;
}

export function createCommandSender(channel: Channel, limit: number, secrets = createSecrets()): CommandSender {
  let secretReaders = 0;

  const failure = async (words: string, first: unknown, reply: Reply, why?: string): Promise<Error> => {
    if (!channel.hungUp && !traitsOf(words).answersAtOnce) await askWhetherGone();
    // Async AGI ends with a command that fails: the caller is still there.
    if (channel.givenBack) return commandError(words, first, reply, why);
    if (channel.hungUp && (reply.result === '-1' || !traitsOf(words).onDeadChannel)) return new HangupError(`${words} came to nothing`);
    return commandError(words, first, reply, why);
  };

  // A hangup looks like a failure, and its notice may be switched off: only a dead channel refuses this one.
  const askWhetherGone = async (): Promise<void> => {
    await channel.send({ words: 'CHANNEL STATUS', line: 'CHANNEL STATUS\n' }).catch((error: unknown) => {
      if (!(error instanceof HangupError || error instanceof SessionEndedError)) throw error;
    });
  };

  const checked = <T, R>(make: () => T, then: (made: T) => Promise<R>): Promise<R> => {
    let made;
    try {
      made = make();
    } catch (error) {
      return channel.refuse(error);
    }
    return then(made);
  };

  return {
    channel,
    limit,
    secrets,
    async readSecretly(read) {
      secretReaders += 1;
      try {
        return await read();
      } finally {
        secretReaders -= 1;
        secrets.endEntry();
      }
    },
    failure,
    checked,
    async send(words, args = [], options = {}) {
      let line;
      try {
        checkedOptions(options, words);
        line = commandLine(words, withoutTrailing(args, traitsOf(words).least), limit);
      } catch (error) {
        return channel.refuse(error);
      }
      const deadAlready = channel.hungUp;
      const isSecret = options.secret === true || (secretReaders > 0 && readsKeys(words));
      if (isSecret && writesValue(words)) secrets.add(String(args.at(-1)));
      const reply = await channel.send({ words, line, fence: options.fence, signal: options.signal, isSecret });
      if (isSecret) keep(words, reply, secrets);
      if (reply.code !== 200) throw commandError(words, args[0], reply);
      if (!(options.failures ?? ['-1']).includes(reply.result)) return reply;
      throw deadAlready ? commandError(words, args[0], reply) : await failure(words, args[0], reply);
    },
  };
}

/** What a secret command has read is a secret from now on. */
function keep(words: string, reply: Reply, secrets: Secrets): void {
  if (reply.code !== 200) return;
  if (words === 'GET DATA') {
    if (reply.result !== '-1') secrets.add(reply.result);
  } else if (readsKeys(words)) secrets.addKey(keyOf(reply) ?? '#');
  else if (reply.data !== undefined) secrets.add(decodeText(reply.data));
}

/** What was left out at the end is not sent, unless the command needs it. */
function withoutTrailing(args: readonly (Argument | undefined)[], least: number): readonly (Argument | undefined)[] {
  return args.slice(0, Math.max(least, args.findLastIndex((argument) => argument !== undefined) + 1));
}

const codes = new Map([
  [200, 'FASTAGI_COMMAND_FAILED'],
  [503, 'FASTAGI_COMMAND_MEMORY'],
  [510, 'FASTAGI_COMMAND_UNKNOWN'],
  [520, 'FASTAGI_COMMAND_SYNTAX'],
]);

const reasons = new Map([
  [200, 'Asterisk could not carry it out'],
  [503, 'Asterisk is out of memory'],
  [510, 'this Asterisk does not know the command; its module may not be loaded'],
  [520, 'Asterisk does not take these arguments'],
]);

function commandError(words: string, first: unknown, reply: Reply, why?: string): CommandError {
  const code = codes.get(reply.code) ?? 'FASTAGI_COMMAND_REFUSED';
  const text = joinedLines(decodeText(reply.text));
  return new CommandError(code, words, reply.code, text, {
    about: traitsOf(words).isHidden ? '' : shown(first),
    why: why ?? reasons.get(reply.code) ?? 'Asterisk refused it',
  });
}

/** What a command was about: a file, an application, a variable. What a function is given may be a secret. */
function shown(first: unknown): string {
  if (typeof first !== 'string' || first === '') return '';
  const bracket = first.indexOf('(');
  const name = bracket < 0 ? first : `${first.slice(0, bracket)}(...)`;
  return ` ${JSON.stringify(mended(name.slice(0, longestName)))}`;
}

/** In characters. */
const longestName = 100;
