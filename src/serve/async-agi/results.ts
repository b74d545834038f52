import { probeAnswer, probeLine } from '../../agi/wire/mark';
import { ProtocolError } from '../../ground/errors';
import { createMark } from '../../ground/mark';
import { percentDecoded } from '../../ground/text';

/** Puts together what Asterisk's manager gives of replies. */
export interface Results {
  /** A result has come, encoded. @param id its command's */
  take(encoded: string, id: string): void;
  /** Reads whatever is there, and was not asked for. */
  drain(): void;
}

/** Who gets the replies, and how more of one is had. */
interface Way {
  /** A reply, or several, whole, a byte a character. */
  reply(bytes: string): void;
  /** Sends a command with this id. */
  send(line: string, id: string): void;
  /** Something of a reply is lost. What comes now is in step again. */
  fail(error: ProtocolError): void;
}

const flushId = 'flush';
/** In bytes: more of a reply Asterisk does not read at once; the rest comes in front of the next replies. */
const longestRead = 1024;
/** In characters: more it does not write encoded; the rest of what it has read is lost. */
const longestEncoded = 2047;

/** Whether Asterisk may have read more than it has written: an escape that does not fit is left out whole. @param bytes what came of it */
export function isDamaged(encoded: string, bytes: string): boolean {
  return encoded.length > longestEncoded - 3 && bytes.length < longestRead;
}

export function createResults({ reply, send, fail }: Way): Results {
  let state: 'inStep' | 'flushing' | 'damaged' = 'inStep';
  let held = '';
  /** What the commands are answered that have more read; nobody can foresee it, and so no value can hold it. */
  const answers: string[] = [];

  const flush = (): void => {
    const mark = createMark();
    answers.push(`${probeAnswer(mark)}\n`);
    send(probeLine(mark).trimEnd(), flushId);
  };

  const end = (): void => {
    const whole = answers.splice(0).reduce((text, answer) => text.replace(answer, ''), held);
    const isLost = state === 'damaged';
    [state, held] = ['inStep', ''];
    if (isLost) fail(tooLong());
    else reply(whole);
  };

  return {
    take(encoded, id) {
      const bytes = percentDecoded(encoded);
      const isCut = isDamaged(encoded, bytes);
      if (state === 'inStep' && bytes.length < longestRead && !isCut) return reply(bytes);
      held += bytes;
      const isFirst = state === 'inStep';
      if (isCut) state = 'damaged';
      else if (isFirst) state = 'flushing';
      if (isFirst) return flush();
      if (id !== flushId) return undefined;
      // The last one is read once nothing is left before it.
      return held.endsWith(answers.at(-1) ?? '') ? end() : flush();
    },
    drain() {
      state = 'flushing';
      flush();
    },
  };
}

function tooLong(): ProtocolError {
  return new ProtocolError(
    'FASTAGI_ASYNC_CUT',
    "Asterisk cut a reply: over the manager it writes 2,047 characters at most, and each but letters, digits and a few signs takes three. A variable and a key of the database are read in parts by themselves; have the dialplan set what a function gives to a variable, or read it in parts: getVariable('NAME(x):0:600')",
  );
}
