/** A command that is under way. */
export interface Running {
  /** How long it runs by itself, in ms; Infinity for ever. */
  readonly time: number;
  /** How long something is heard at its beginning, in ms. */
  readonly sound?: number;
  /** What is heard: files, or what is said, `digits 123`. */
  readonly heard?: readonly string[];
  /** Whether a key would do something now. */
  readonly listens?: (key: string) => boolean;
  /** Whether the caller is to speak. */
  readonly records?: true;
  /** What is said at its beginning. */
  readonly begins?: string;
  /** The reply when its time is over. */
  readonly ends: () => string;
  /** What a key does: the reply that it ends the command with, or undefined. Without it keys wait for a later command. */
  readonly key?: (key: string, passed: number) => string | undefined;
  /** How long it runs on after a key that did not end it, in ms. */
  readonly timeAfterKey?: number;
  /** The reply when the caller hangs up. */
  readonly hangUp: (passed: number) => string;
  /** What a further line makes of it: the reply, perhaps none; without it the line waits. */
  readonly interrupted?: string;
}
