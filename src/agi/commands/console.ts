import type { CommandSender } from '../command-sender';
import { printLines } from './print-lines';

export interface ConsoleCommands {
  /**
   * Writes to Asterisk's console, a line for a line. Anything but a text is printed as PHP's print_r prints it.
   * @param level from which verbosity on it is shown, 1 to 4
   * @see Asterisk: AGI command VERBOSE
   * @example
   * await fastagi.verbose(`a call from ${fastagi.request.agi_callerid}`, 3);
   */
  verbose(message: unknown, level?: number): Promise<void>;
}

export function consoleCommands({ send, secrets }: CommandSender): ConsoleCommands {
  return {
    async verbose(message, level = 1) {
      for (const line of printLines(message)) await send('VERBOSE', [secrets.hide(line), level]);
    },
  };
}
