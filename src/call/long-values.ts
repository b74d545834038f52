import { ProtocolError } from '../ground/errors';
import { decodeText, encodeText } from '../ground/text';
import type { Agi } from './agi';

/** What reads values. */
type Reading = Pick<Agi, 'getVariable' | 'getFullVariable' | 'databaseGet'>;

/** In bytes: so many are always carried whole, each of them encoded as three. */
const longestPart = 600;

/**
 * Has values that Asterisk cuts on their way read again, in parts. What would run a function a second time is not: its error stands.
 * @param databaseByOther another way to what DATABASE GET gives, for names that mean something in a function's brackets
 */
export function readInParts(agi: Agi, databaseByOther?: Agi['databaseGet']): void {
  const { getVariable, getFullVariable, databaseGet } = agi;
  const inParts: Reading = {
    getVariable: (name, options) =>
      orElse(getVariable(name, options), /^\w+$/.test(name) && (() => joined((part) => getVariable(name + part, options)))),
    getFullVariable(expression, channel) {
      const name = /^\$\{(\w+)\}$/.exec(expression)?.[1];
      const read = (part: string) => getFullVariable(`\${${name}${part}}`, channel);
      return orElse(getFullVariable(expression, channel), name !== undefined && (() => joined(read)));
    },
    databaseGet: (family, key, options) =>
      orElse(
        databaseGet(family, key, options),
        isPlain(`${family}${key}`)
          ? () => joined((part) => getVariable(`DB(${family}/${key})${part}`, options))
          : databaseByOther && (() => databaseByOther(family, key, options)),
      ),
  };
  Object.assign(agi, inParts);
}

async function orElse<T>(first: Promise<T>, again: (() => Promise<T>) | false | undefined): Promise<T> {
  try {
    return await first;
  } catch (error) {
    if (again && error instanceof ProtocolError && error.code === 'FASTAGI_ASYNC_CUT') return again();
    throw error;
  }
}

/** @param read gives a part, as `:0:600` names it */
async function joined(read: (part: string) => Promise<string | undefined>): Promise<string> {
  let bytes = '';
  for (;;) {
    // Each part may be the last.
    // oxlint-disable-next-line no-await-in-loop
    const part = encodeText((await read(`:${bytes.length}:${longestPart}`)) ?? '');
    bytes += part;
    // A character may lie in two parts.
    if (part.length < longestPart) return decodeText(bytes);
  }
}

/** Whether a name means nothing else within the brackets of a function. */
function isPlain(name: string): boolean {
  return /^[\w .+-]*$/.test(name);
}
