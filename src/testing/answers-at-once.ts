import type { SimulatedChannel } from './simulated-channel';

/** How a command that needs no time answers. `usage` stands for a 520. */
export type AtOnce = (args: string[], channel: SimulatedChannel) => string;

const result = (value: number | string): string => `200 result=${value}`;
const says =
  (value: number | string): AtOnce =>
  () =>
    result(value);

const foreign = (name: string | undefined): boolean => name !== undefined && name !== '';

export const usage = '520-Invalid command syntax.  Proper usage follows:\nsee the documentation of the command\n520 End of proper usage.';

/** By the command's words: how many arguments it needs, and its answer. */
export const atOnce: Record<string, [least: number, answer: AtOnce]> = {
  ANSWER: [0, (_args, channel) => ((channel.state = 6), result(0))],
  'ASYNCAGI BREAK': [0, says(0)],
  'CHANNEL STATUS': [0, ([name], { state }) => result(foreign(name) ? -1 : state)],
  'DATABASE DEL': [2, ([family, key], { database }) => (database.delete(`${family}/${key}`), result(1))],
  'DATABASE DELTREE': [1, deleteTree],
  'DATABASE GET': [2, ([family, key], { database }) => valued(database.get(`${family}/${key}`))],
  'DATABASE PUT': [3, ([family, key, value = ''], { database }) => (database.set(`${family}/${key}`, value), result(1))],
  'GET FULL VARIABLE': [1, ([template = '', name], channel) => (foreign(name) ? result(0) : valued(channel.fill(template)))],
  'GET VARIABLE': [1, ([name = ''], channel) => valued(channel.read(name)?.slice(0, 1023))],
  NOOP: [0, says(0)],
  'SEND IMAGE': [1, says(0)],
  'SEND TEXT': [1, says(0)],
  'SET AUTOHANGUP': [1, says(0)],
  'SET CALLERID': [1, setCallerId],
  'SET CONTEXT': [1, says(0)],
  'SET EXTENSION': [1, says(0)],
  'SET MUSIC': [1, says(0)],
  'SET PRIORITY': [1, ([priority = '']) => (/^\d+$/.test(priority) ? result(0) : usage)],
  'SET VARIABLE': [2, ([name = '', value = ''], { variables }) => (variables.set(name, value), result(1))],
  'SPEECH ACTIVATE GRAMMAR': [1, says(0)],
  'SPEECH CREATE': [1, says(0)],
  'SPEECH DEACTIVATE GRAMMAR': [1, says(0)],
  'SPEECH DESTROY': [0, says(0)],
  'SPEECH LOAD GRAMMAR': [2, says(0)],
  'SPEECH RECOGNIZE': [2, says(0)],
  'SPEECH SET': [2, says(0)],
  'SPEECH UNLOAD GRAMMAR': [1, says(0)],
  'TDD MODE': [1, says(0)],
  VERBOSE: [1, ([message = ''], channel) => (channel.console.push(message), result(1))],
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

function setCallerId([text = '']: string[], channel: SimulatedChannel): string {
  const [, name = '', number = text] = /^"?([^"<]*?)"?\s*<([^>]*)>$/.exec(text) ?? [];
  channel.callerId = { name, number };
  return result(1);
}
