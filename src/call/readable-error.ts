import { ConfigError, FastagiError, IdentityError, ScriptError } from '../ground/errors';
import { maskedText } from '../ground/masking';
import { original, type ReadFiles } from '../script/source-place';
import { framesOf, userFrames } from '../script/stack';
import { messageOf } from './outcome';

/**
 * An error for whoever has to mend it: its message, the places of the user's own code that it came through, in the source that a person
 * wrote, and its causes; each sentence once, without secrets. What an operator has to mend has no places.
 * @param basedir below it source maps are read; none unless given
 */
export function readableError(error: unknown, basedir?: string): string {
  let text = messageOf(error);
  const files: ReadFiles = new Map();
  if (!(error instanceof Error)) return maskedText(text);
  const places = placesOf(error, basedir, files);
  // What only our own code was in the middle of is for us to mend, and says where.
  text += places === '' && !(error instanceof FastagiError) ? linesOf(framesOf(error)) : places;
  for (let cause = error.cause, depth = 1; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    // A message often holds that of its cause.
    if (!text.includes(flat(cause.message))) text += `\ncaused by ${messageOf(cause)}`;
    text += placesOf(cause, basedir, files);
  }
  return maskedText(text);
}

function placesOf(error: Error, basedir: string | undefined, files: ReadFiles): string {
  if (error instanceof ScriptError || error instanceof ConfigError || error instanceof IdentityError) return '';
  const frames = userFrames(error).map((frame) => {
    const { file, line, column } = basedir === undefined ? frame : original(frame, basedir, files);
    return `${frame.before}${file}:${line}:${column}${frame.after}`;
  });
  return linesOf(frames);
}

function linesOf(frames: readonly string[]): string {
  return frames.map((line) => `\n${line}`).join('');
}

function flat(message: string): string {
  return message.split('\n')[0] ?? '';
}
