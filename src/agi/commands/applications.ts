import type { Commands } from '../agi';
import { afterTurn } from '../../ground/after-turn';
import type { Argument } from '../wire/command-line';
import { textOf } from '../../ground/argument';
import { UsageError } from '../../ground/errors';

export interface ApplicationMethods {
  /** Sets a variable that all channels share. @see Asterisk: function GLOBAL */
  setGlobalVariable(name: string, value: Argument): Promise<void>;
  /**
   * Calls somebody and connects the caller; gives what the application returned, and DIALSTATUS tells what came of it.
   * @param resource whom, `100`; several at once as an array. An `&` in one is refused: it would begin another destination
   * @param timeout how long it rings, in s
   * @see Asterisk: application Dial
   * @example
   * await fastagi.execDial('PJSIP', ['100', '200'], 30);
   * if ((await fastagi.getVariable('DIALSTATUS')) === 'NOANSWER') await fastagi.goto('voicemail');
   */
  execDial(technology: string, resource: string | readonly string[], timeout?: number, options?: string, url?: string): Promise<number>;
  /** Goes to a priority, an extension and its priority, or a context, extension and priority, once the script has ended. @see Asterisk: application Goto */
  execGoto(...place: [Argument] | [Argument, Argument] | [Argument, Argument, Argument]): Promise<number>;
  /** Runs another AGI program on this channel, to its end. @see Asterisk: application AGI */
  execAgi(command: string, ...args: Argument[]): Promise<number>;
  /** Ends the call after so many s from now; 0 takes that back. The application is gone from Asterisk. @see Asterisk: AGI command SET AUTOHANGUP */
  execAbsoluteTimeout(seconds?: number): Promise<void>;
  /** Changes the language of the channel's sounds. @see Asterisk: function CHANNEL(language) */
  execSetLanguage(language?: string): Promise<void>;
  /** Looks a number up by ENUM; gives the address, or undefined. @see Asterisk: function ENUMLOOKUP */
  execEnumLookup(number: string): Promise<string | undefined>;
  /**
   * Where the dialplan goes on after the script.
   * @param extension `s` unless given
   * @param priority 1 unless given
   * @example
   * await fastagi.goto('voicemail', 's', 1);
   */
  goto(context: string, extension?: string, priority?: number | string): Promise<void>;
  /** Shows a message on the console, in debug mode only. @param level from which verbosity on, 1 to 4 */
  conlog(message: unknown, level?: number): Promise<void>;
}

export type Debuggable = Commands<{ readonly phpagi: { readonly debug: boolean } }>;

export function applicationMethods(agi: Debuggable): ApplicationMethods {
  return {
    setGlobalVariable: (name, value) =>
      afterTurn(async () => agi.setVariable(`GLOBAL(${textOf(name, 'setGlobalVariable', 'argument 1')})`, value)),
    execDial: (technology, resource, timeout, options, url) =>
      afterTurn(async () => {
        const elements = [destinations(technology, resource), timeout, options, url];
        return agi.exec('Dial', elements.slice(0, elements.findLastIndex((element) => element !== undefined) + 1));
      }),
    execGoto: (...place) => afterTurn(async () => agi.exec('Goto', [textOf(place[0], 'execGoto', 'argument 1'), ...place.slice(1)])),
    execAgi: (command, ...args) => afterTurn(async () => agi.exec('AGI', [textOf(command, 'execAgi', 'argument 1'), ...args])),
    execAbsoluteTimeout: (seconds = 0) => agi.setAutoHangup(seconds),
    execSetLanguage: (language = 'en') => agi.setVariable('CHANNEL(language)', language),
    execEnumLookup: (number) =>
      afterTurn(async () => (await agi.getVariable(`ENUMLOOKUP(${textOf(number, 'execEnumLookup', 'argument 1')})`)) || undefined),
    goto: (context, extension = 's', priority = 1) =>
      afterTurn(async () => {
        // All three before one is sent: half a place is another place.
        for (const [index, part] of [context, extension, priority].entries()) textOf(part, 'goto', `argument ${index + 1}`);
        await agi.setContext(context);
        await agi.setExtension(extension);
        await agi.setPriority(priority);
      }),
    async conlog(message, level) {
      if (agi.config.phpagi.debug) await agi.verbose(message, level);
    },
  };
}

/** `PJSIP/100&PJSIP/200`. A caller's text may name a resource, and must not become two. */
function destinations(technology: string, resource: string | readonly string[]): string {
  const named = Array.isArray(resource) ? (resource as readonly string[]) : [resource as string];
  const whom = named.map((one) => `${textOf(technology, 'execDial', 'argument 1')}/${textOf(one, 'execDial', 'argument 2')}`);
  if (named.length > 0 && whom.every((one) => !one.includes('&'))) return whom.join('&');
  const why = named.length === 0 ? 'names nobody' : 'holds an &, which would begin another destination; give several resources as an array';
  throw new UsageError('FASTAGI_ARGUMENT_DIAL', `execDial: argument 2 ${why}`);
}
