/** What a call came to, as the dialplan reads it in FASTAGISTATUS. */
export type CallStatus = 'SUCCESS' | 'HANGUP' | 'NOTFOUND' | 'FORBIDDEN' | 'FAILURE';

/** Every error of ours: `code` is stable and listed in docs/errors.md, `message` says what was being done. */
export class FastagiError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The channel is gone: the caller hung up, or the connection to Asterisk ended. */
export class HangupError extends FastagiError {
  constructor(doing: string) {
    super('FASTAGI_HANGUP', `the channel is gone: ${doing}`);
  }
}

/** Asterisk refused a command or failed to carry it out. */
export class CommandError extends FastagiError {
  /** The command's words, without its arguments (they may hold secrets). */
  readonly command: string;
  /** The reply's code: 200, 510, 511, 520, 503 ... */
  readonly replyCode: number;
  /** The reply's text, on one line. */
  readonly replyText: string;

  /** @param said what the command was about, where that is no secret, and why it failed */
  constructor(code: string, command: string, replyCode: number, replyText: string, said: { about: string; why: string }) {
    super(code, `${command}${said.about}: ${said.why} (${replyCode} ${replyText})`);
    this.command = command;
    this.replyCode = replyCode;
    this.replyText = replyText;
  }
}

/** Asterisk has ended the session, over the manager, and the dialplan goes on with the caller: no hangup. */
export class SessionEndedError extends FastagiError {
  constructor(words: string) {
    super('FASTAGI_SESSION_ENDED', `Asterisk gave the call back to the dialplan, ${words} has no answer`);
  }
}

/** An argument that cannot be sent; nothing was written. */
export class UsageError extends FastagiError {}

/** What came over the connection is not what AGI allows. */
export class ProtocolError extends FastagiError {}

/** The configuration cannot be read or holds a value that makes no sense. */
export class ConfigError extends FastagiError {}

/** The script is missing, refused or cannot be loaded. */
export class ScriptError extends FastagiError {
  /** What the dialplan is told. */
  readonly status: Exclude<CallStatus, 'SUCCESS' | 'HANGUP'>;

  constructor(code: string, message: string, options: { status: 'NOTFOUND' | 'FORBIDDEN' | 'FAILURE'; cause?: unknown }) {
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = options.status;
  }
}

/** The script's identity could not be taken for certain; the script was not run. */
export class IdentityError extends FastagiError {}

/** A text could not be spoken: the engine is missing or failed, or its sound cannot be used. */
export class TtsError extends FastagiError {}

/** The Asterisk Manager could not be reached, refused, or did not answer. Never holds the secret. */
export class ManagerError extends FastagiError {
  /** The action that failed, where it was one. */
  readonly action: string | undefined;
  /** Asterisk's own words, where it said some. */
  readonly reply: string | undefined;

  constructor(code: string, message: string, options: { action?: string; reply?: string; cause?: unknown } = {}) {
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined);
    this.action = options.action;
    this.reply = options.reply;
  }
}

/*
 * A project that has this package in a node_modules of its own meets other classes of the same name: those of each copy, of whatever
 * version, know each other's errors by a mark.
 */
const classes = {
  FastagiError, HangupError, CommandError, SessionEndedError, UsageError, ProtocolError, ConfigError, ScriptError, IdentityError, TtsError, ManagerError,
}; // prettier-ignore

for (const [name, known] of Object.entries(classes)) {
  const mark = Symbol.for(`fastagi.${name}`);
  Object.defineProperty(known.prototype, mark, { value: true });
  Object.defineProperty(known, Symbol.hasInstance, {
    value(this: unknown, error: unknown): boolean {
      // What a script derives from one of them is its own.
      if (this !== known) return Function.prototype[Symbol.hasInstance].call(this as () => void, error);
      return typeof error === 'object' && error !== null && mark in error;
    },
  });
}
