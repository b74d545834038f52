import { parseCallerId } from './functions';
import type { SimulatedChannel } from './simulated-channel';

/** How a command that needs no time answers. */
export type AtOnce = (args: string[], channel: SimulatedChannel) => string;

const result = (value: number | string): string => `200 result=${value}`;
const says =
  (value: number | string): AtOnce =>
  () =>
    result(value);

export const usage = '520-Invalid command syntax.  Proper usage follows:\nsee the documentation of the command\n520 End of proper usage.';

/** Whether a number stands at its beginning, which is all that Asterisk asks for. */
export const isNumeric = (text: string | undefined): boolean => /^\s*[-+]?\d/.test(text ?? '');

/** An empty name names nobody. */
const isForeign = (name: string | undefined, channel: SimulatedChannel): boolean => name !== undefined && name !== channel.name;

/** By the command's words: how many arguments it takes, and its answer. */
export const atOnce: Record<string, [least: number, most: number, answer: AtOnce]> = {
  ANSWER: [0, Infinity, (_args, channel) => ((channel.state = 6), result(0))],
  'ASYNCAGI BREAK': [0, Infinity, says(0)],
  'CHANNEL STATUS': [0, 1, ([name], channel) => result(isForeign(name, channel) ? -1 : channel.state)],
  'DATABASE DEL': [2, 2, ([family, key], { database }) => (database.delete(`${family}/${key}`), result(1))],
  'DATABASE DELTREE': [1, 2, deleteTree],
  'DATABASE GET': [2, 2, ([family, key], { database }) => valued(database.get(`${family}/${key}`))],
  'DATABASE PUT': [3, 3, ([family, key, value = ''], { database }) => (database.set(`${family}/${key}`, value), result(1))],
  'GET FULL VARIABLE': [1, 2, ([template = '', name], channel) => (isForeign(name, channel) ? result(0) : valued(channel.fill(template)))],
  'GET VARIABLE': [1, 1, ([name = ''], channel) => valued(channel.read(name)?.slice(0, 1023))],
  NOOP: [0, Infinity, says(0)],
  'SEND IMAGE': [1, 1, says(0)],
  'SEND TEXT': [1, 1, says(0)],
  'SET AUTOHANGUP': [1, 1, ([seconds]) => (isNumeric(seconds) ? result(0) : usage)],
  'SET CALLERID': [0, Infinity, setCallerId],
  'SET CONTEXT': [1, 1, ([context = ''], { goesOnAt }) => ((goesOnAt.context = context), result(0))],
  'SET EXTENSION': [1, 1, ([extension = ''], { goesOnAt }) => ((goesOnAt.extension = extension), result(0))],
  'SET MUSIC': [1, Infinity, says(0)],
  'SET PRIORITY': [1, 1, setPriority],
  'SET VARIABLE': [2, 2, ([name = '', value = ''], channel) => (channel.write(name, value), result(1))],
  'SPEECH ACTIVATE GRAMMAR': [1, 1, says(0)],
  'SPEECH CREATE': [0, Infinity, says(0)],
  'SPEECH DEACTIVATE GRAMMAR': [1, 1, says(0)],
  'SPEECH DESTROY': [0, Infinity, says(0)],
  'SPEECH LOAD GRAMMAR': [2, 2, says(0)],
  'SPEECH RECOGNIZE': [2, Infinity, says(0)],
  'SPEECH SET': [2, 2, says(0)],
  'SPEECH UNLOAD GRAMMAR': [1, 1, says(0)],
  'TDD MODE': [1, 1, says(0)],
  VERBOSE: [1, Infinity, ([message = ''], channel) => (channel.console.push(message), result(1))],
};

function valued(value: string | undefined): string {
  return value === undefined ? result(0) : `${result(1)} (${value})`;
}

/** The result is the reverse of what its documentation says. */
function deleteTree([family, keytree]: string[], { database }: SimulatedChannel): string {
  const prefix = keytree ? `${family}/${keytree}` : `${family}`;
  const found = [...database.keys()].filter((key) => key === prefix || key.startsWith(`${prefix}/`));
  for (const key of found) database.delete(key);
  return result(found.length > 0 ? 0 : 1);
}

function setCallerId([text]: string[], channel: SimulatedChannel): string {
  if (text !== undefined) channel.callerId = parseCallerId(text);
  return result(1);
}

function setPriority([priority = '']: string[], { goesOnAt, options }: SimulatedChannel): string {
  if (!isNumeric(priority) && !options.labels?.includes(priority)) return usage;
  goesOnAt.priority = priority;
  return result(0);
}
