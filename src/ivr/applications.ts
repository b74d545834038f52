import type { Agi } from '../agi/agi';
import type { Argument } from '../agi/command-line';

export interface ApplicationMethods {
  /** Sets a variable that all channels share. @see Asterisk: function GLOBAL */
  setGlobalVariable(name: string, value: Argument): Promise<void>;
  /**
   * Calls somebody and connects the caller; gives what the application returned, and DIALSTATUS tells what came of it.
   * @param timeout how long it rings, in s
   * @see Asterisk: application Dial
   */
  execDial(technology: string, resource: string, timeout?: number, options?: string, url?: string): Promise<number>;
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
  /** Where the dialplan goes on after the script. @param extension `s` unless given @param priority 1 unless given */
  goto(context: string, extension?: string, priority?: number | string): Promise<void>;
  /** Shows a message on the console, in debug mode only. @param level from which verbosity on, 1 to 4 */
  conlog(message: unknown, level?: number): Promise<void>;
}

export function applicationMethods(agi: Agi, isDebug: boolean): ApplicationMethods {
  return {
    setGlobalVariable: (name, value) => agi.setVariable(`GLOBAL(${name})`, value),
    execDial(technology, resource, timeout, options, url) {
      const elements = [`${technology}/${resource}`, timeout, options, url];
      return agi.exec('Dial', elements.slice(0, elements.findLastIndex((element) => element !== undefined) + 1));
    },
    execGoto: (...place) => agi.exec('Goto', place),
    execAgi: (command, ...args) => agi.exec('AGI', [command, ...args]),
    execAbsoluteTimeout: (seconds = 0) => agi.setAutoHangup(seconds),
    execSetLanguage: (language = 'en') => agi.setVariable('CHANNEL(language)', language),
    async execEnumLookup(number) {
      return (await agi.getVariable(`ENUMLOOKUP(${number})`)) || undefined;
    },
    async goto(context, extension = 's', priority = 1) {
      await agi.setContext(context);
      await agi.setExtension(extension);
      await agi.setPriority(priority);
    },
    async conlog(message, level) {
      if (isDebug) await agi.verbose(message, level);
    },
  };
}
