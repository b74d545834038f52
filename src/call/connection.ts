import type { Wire } from '../agi/channel';

/** Who takes what comes over a connection. */
export interface Receiver {
  receive(bytes: string): void;
  /** @param isGivenBack whether the dialplan goes on with the caller */
  end(isGivenBack?: boolean): void;
  /** Something of what came cannot be had, for this reason; what comes now is in step again. */
  lost?(reason: Error): void;
}

/** One call's way to Asterisk. Bytes are strings with a character for each byte. */
export interface Connection extends Wire {
  /** The next bytes, undefined at the end; at once if they are here already. Only before `attach`, which gets what is still awaited then. */
  read(): string | undefined | Promise<string | undefined>;
  /** From now on this receiver gets what comes. @returns who got it until now */
  attach(receiver: Receiver): Receiver | undefined;
  /** @returns whether the peer keeps up; if not, wait for `drained` before the next one */
  write(bytes: string, answersAtOnce: boolean, isSecret?: boolean): boolean;
  /** When the peer has taken what was written, or is gone. */
  drained(): Promise<void>;
  /** Takes nothing from the peer until `resume`, so that it has to wait. */
  pause(): void;
  resume(): void;
  /** The address at the other end, if it has one. */
  peer(): string | undefined;
  /** This machine's address as the other end reached it, if it did. */
  local?(): string | undefined;
  /** Ends the connection for Asterisk; what was written goes out first, for a second at most. */
  close(): Promise<void>;
}
