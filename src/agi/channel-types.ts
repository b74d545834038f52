import type { Reply } from './wire/reply';

/** The way to Asterisk. Bytes are written at once and in order. */
export interface Wire {
  /**
   * @param answersAtOnce whether the reply can be expected without a wait
   * @param isSecret whether the command's value, or the keys and the value of its reply, are secret
   */
  write(bytes: string, answersAtOnce: boolean, isSecret?: boolean): void;
  /** Whether commands wait at the other end: a further one may be sent before the reply. */
  readonly isQueue?: boolean;
  /**
   * Stops what runs, where a further line does not: whoever waits is told as soon as Asterisk is, and the reply is passed over when it comes.
   * Rejects with a UsageError where it cannot.
   * @param words the command's
   */
  interrupt?(words: string): Promise<void>;
}

/** A command on its way: one line, and what has to be known of it. */
export interface Command {
  /** The command's words in capitals. */
  readonly words: string;
  /** The line, newline included. */
  readonly line: string;
  /** The mark that ends the value which this command asks for. */
  readonly fence?: string | undefined;
  /** Stops the command in the middle. */
  readonly signal?: AbortSignal | undefined;
  /** Whether its value, or the keys and the value of its reply, are secret. */
  readonly isSecret?: boolean | undefined;
}

/** Who is told of what happens to a channel. */
export interface ChannelWatcher {
  /** The caller hung up, or the connection ended: once. */
  hungUp?(): void;
  /** What came is not Asterisk's, or nothing came for too long: once. */
  failed?(error: Error): void;
}

/** Asterisk's end: commands go out in the order in which they were given, one at a time unless the wire is a queue. */
export interface Channel {
  /** Gives the reply, whatever its code but 511. Rejects with HangupError, ProtocolError, or with the signal's reason. */
  send(command: Command): Promise<Reply>;
  /** Rejects with this error, after a turn of the event loop; the more such refusals in a row, the later. */
  refuse(error: unknown): Promise<never>;
  /** Gets into step with Asterisk again after somebody else has spoken on the wire: what they left unread is passed over. */
  resync(): Promise<void>;
  /** The words of the commands that were given and are not answered. */
  readonly underWay: readonly string[];
  /** Settles when no command is under way. */
  idle(): Promise<void>;
  /** Whether the caller hung up or the connection ended. */
  readonly hungUp: boolean;
  /** Whether it was a HANGUP of this side that did it. */
  readonly hungUpHere: boolean;
  /** Whether the connection ended. */
  readonly ended: boolean;
  /** Whether it ended while the caller was still there: the dialplan goes on with the call. */
  readonly givenBack: boolean;
  /** Why no command can be sent though the connection is there. */
  readonly failure: Error | undefined;
  /** Fires with a HangupError when the caller hangs up or the connection ends, with the error when the channel fails. */
  readonly signal: AbortSignal;
  /** Bytes have come. */
  receive(bytes: string): void;
  /** The caller hung up, as something else than the connection told. */
  hangUp(): void;
  /** Asterisk and this side are out of step: what is under way and every further command is refused with this error. */
  fail(error: Error): void;
  /** The reply to what is under way came, and cannot be had: it is refused with this error, and what comes now is in step again. */
  lose(error: Error): void;
  /** After a failure: passes over what came, so that the end of the call can still be reported. Rejects where that fails too. */
  recover(): Promise<void>;
  /** The script goes on without the call: from now on every command is refused, and a hangup is nobody's business. */
  release(): void;
  /** The connection ended; nothing more will come. @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack?: boolean): void;
}
