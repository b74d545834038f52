import { UsageError } from '../../ground/errors';
import { createMark } from '../../ground/mark';
import { asText, type Argument } from '../wire/command-line';
import { textOf } from '../../ground/argument';
import type { CommandSender, Secrecy } from '../command-sender';
import { decodeText } from '../../ground/text';

export interface VariableCommands {
  /**
   * A channel variable or function, `CALLERID(num)`, to the byte. A function runs once.
   * @param options `secret`, for a value that must stand nowhere
   * @returns undefined where a variable is not set. A function that gives nothing gives an empty text: asking whether there is
   * something would run it again
   * @throws UsageError where the name holds an expression, CommandError
   * @see Asterisk: AGI commands GET FULL VARIABLE and GET VARIABLE
   * @example
   * const number = await fastagi.getVariable('CALLERID(num)');
   */
  getVariable(name: string, options?: Secrecy): Promise<string | undefined>;
  /**
   * A template such as `${A} and ${B}` with everything filled in, to the byte. It runs functions: never put a caller's text into it. A text
   * without `${` comes back as it is; for one variable there is `getVariable`.
   * @param channel another channel's name
   * @returns undefined where there is no such channel
   * @see Asterisk: AGI command GET FULL VARIABLE
   * @example
   * const who = await fastagi.getFullVariable('${CALLERID(name)} <${CALLERID(num)}>');
   */
  getFullVariable(expression: string, channel?: string): Promise<string | undefined>;
  /**
   * Sets a channel variable or function.
   * @param options `secret`, for a value that must stand nowhere but in the variable
   * @see Asterisk: AGI command SET VARIABLE
   * @example
   * await fastagi.setVariable('CHOSEN', '2');
   * await fastagi.setVariable('CHANNEL(language)', 'de');
   */
  setVariable(name: string, value: Argument, options?: Secrecy): Promise<void>;
  /**
   * Sets the caller's name and number, `"Name" <number>`.
   * @see Asterisk: AGI command SET CALLERID
   * @example
   * await fastagi.setCallerId('"Reception" <100>');
   */
  setCallerId(callerId: string): Promise<void>;
}

export function variableCommands({ send, checked }: CommandSender): VariableCommands {
  const fenced = async (text: string, channel?: string, options?: Secrecy): Promise<string | undefined> => {
    const fence = createMark();
    const reply = await send('GET FULL VARIABLE', [text + fence, channel], { ...options, fence, failures: [] });
    return reply.data === undefined ? undefined : decodeText(reply.data);
  };

  return {
    getVariable: (name, options) =>
      checked(
        () => checkedName(textOf(name, 'GET VARIABLE', 'argument 1')),
        async (plain) => {
          const value = await fenced(`\${${plain}}`, undefined, options);
          if (value || runsFunction(plain)) return value;
          const reply = await send('GET VARIABLE', [plain], { ...options, failures: [] });
          return reply.result === '1' ? decodeText(reply.data ?? '') : undefined;
        },
      ),
    getFullVariable: (expression, channel) =>
      checked(
        () => textOf(expression, 'GET FULL VARIABLE', 'argument 1'),
        (text) => fenced(text, channel),
      ),
    async setVariable(name, value, options) {
      await send('SET VARIABLE', [name, asText(value)], { ...options, failures: ['-1', '0'] });
    },
    async setCallerId(callerId) {
      await send('SET CALLERID', [callerId]);
    },
  };
}

/** Reading one may change something: SHELL, CURL, POP. */
function runsFunction(name: string): boolean {
  return name.includes('(');
}

/** A name stands inside `${...}`: one that could close the bracket or open another would be an expression. */
function checkedName(name: string): string {
  let depth = 0;
  for (const character of name) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (depth < 0) break;
  }
  if (depth === 0 && name !== '' && !/\$[{[]/.test(name)) return name;
  throw new UsageError(
    'FASTAGI_ARGUMENT_NAME',
    `GET VARIABLE: ${JSON.stringify(name)} is no variable's name; for a template use getFullVariable`,
  );
}
