import { bytesOf, messageOf, type ReceivedAction } from './manager-wire';

/** `old`: the lines stand bare, up to `--END COMMAND--`, whatever they look like. */
export type CommandForm = 'new' | 'old';

const outputs: Readonly<Record<string, readonly string[]>> = {
  'core show version': ['Asterisk 22.10.1 built by nobody @ simulated on a machine running Linux'],
  'core show uptime': ['System uptime: 17 minutes, 49 seconds', 'Last reload: 17 minutes, 49 seconds'],
  'dialplan show globals': ['   CONSOLE=Console/dsp', '', '    -- 1 variable(s)'],
};

/** The answer to a console command, as bytes. A command that is not known has output too. */
export function commandAnswer(action: ReceivedAction, form: CommandForm): string {
  const command = action.get('Command') ?? '';
  const known = outputs[command];
  const output = known ?? [`No such command '${command}' (type 'core show help ${command}' for other possible commands)`];
  if (form === 'new')
    return messageOf(['Response', known ? 'Success' : 'Error'], action.id, { Message: 'Command output follows', Output: output });
  const head = ['Response: Follows', 'Privilege: Command', ...(action.id === undefined ? [] : [`ActionID: ${action.id}`])];
  return bytesOf(`${head.join('\r\n')}\r\n${output.join('\n')}\n--END COMMAND--\r\n\r\n`);
}
