import type { CommandSender } from '../command-sender';
import { applicationOptions, subroutineArguments } from '../wire/application-options';
import { rawLine, type Argument } from '../wire/command-line';
import { textOf } from '../../ground/argument';
import { commandOf } from '../wire/command-table';
import { decodeText } from '../../ground/text';

/** A reply as it came, for commands not known here. */
export interface Evaluation {
  /** 200, 510, 520 ... */
  code: number;
  /** What stood behind `result=`. */
  result: string;
  /** What stood in brackets; of an error its text. */
  data: string;
  /** What else the reply held: endpos, digit ... */
  [field: string]: string | number;
}

export interface DialplanCommands {
  /**
   * Runs an application of the dialplan.
   * @param options as one text, sent as it is, or as elements, each escaped for the application
   * @returns what the application returned
   * @throws CommandError where there is no such application or it failed, HangupError
   * @see Asterisk: AGI command EXEC
   * @example
   * await fastagi.exec('Dial', ['PJSIP/100', 30, 'tT']);
   * const status = await fastagi.getVariable('DIALSTATUS');
   */
  exec(application: string, options?: Argument | readonly (Argument | undefined)[]): Promise<number>;
  /**
   * Runs a subroutine of the dialplan until its Return.
   * @throws CommandError where there is no such place, UsageError for an argument with a comma, a quote, a backslash or a single bracket,
   * which Gosub cannot take, HangupError
   * @see Asterisk: AGI command GOSUB
   * @example
   * await fastagi.gosub('billing', 's', 1, fastagi.request.agi_uniqueid);
   */
  gosub(context: string, extension: string, priority: number | string, ...args: Argument[]): Promise<void>;
  /** Sends a line as it is. Gives every reply but a hangup's 511 back. @throws UsageError, HangupError */
  evaluate(command: string): Promise<Evaluation>;
}

export function dialplanCommands({ send, checked, failure, channel, limit }: CommandSender): DialplanCommands {
  return {
    exec: (application, options = '') =>
      checked(
        () => (Array.isArray(options) ? applicationOptions(options) : textOf(options, 'EXEC', 'argument 2')),
        async (text) => {
          const reply = await send('EXEC', [application, text], { failures: ['-1'] });
          if (reply.result === '-2')
            throw await failure('EXEC', application, reply, 'there is no such application; its module may not be loaded');
          return Number(reply.result);
        },
      ),
    gosub: (context, extension, priority, ...args) =>
      checked(
        () => (args.length > 0 ? subroutineArguments(args) : undefined),
        async (text) => {
          const reply = await send('GOSUB', [context, extension, priority, text]);
          // A subroutine that the caller's hangup ended looks like one that forgot its Return.
          if (reply.text.includes('abnormal')) throw await failure('GOSUB', context, reply, 'the subroutine ended without Return');
        },
      ),
    evaluate: (command) =>
      checked(
        () => rawLine(command, limit),
        async (line) => {
          const words = commandOf(command.trim().replaceAll('"', '').split(/[ \t]+/, 3)) ?? 'evaluate'; // prettier-ignore
          const reply = await channel.send({ words, line });
          const fields = Object.entries(reply.fields).map(([name, value]) => [name, decodeText(value)]);
          const data = reply.code === 200 ? (reply.data ?? '') : reply.text;
          return { ...Object.fromEntries(fields), code: reply.code, result: decodeText(reply.result), data: decodeText(data) };
        },
      ),
  };
}
