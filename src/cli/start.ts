import type { cleanConsole } from '../serve/process/console';
import type { ExitStatus } from '../ground/exit-status';

/** How bin/fastagi loaded the program. */
export interface Start {
  /** Whether V8 took the code that `fastagi prepare` kept for this Node. */
  readonly isPrepared: boolean;
}

/** What a command is started with. */
export interface CommandStart extends Start {
  /** Makes the console write to a log, as this runtime needs it. */
  readonly cleanConsole: typeof cleanConsole;
}

/** What a command comes to. */
export interface CommandEnd {
  readonly status: ExitStatus;
  /** Lines for standard output. */
  readonly out?: readonly string[];
  /** Lines for standard error. */
  readonly err?: readonly string[];
}

/** Where a command is typed, and what it says is read. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}
