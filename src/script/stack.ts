import { fileURLToPath } from 'node:url';
import { dist, packageDirectory } from '../ground/package-directory';

/** A place that an error came through. */
export interface Frame {
  /** What stands before the place: `at async name (`. */
  readonly before: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What stands behind it. */
  readonly after: string;
}

/** Where this program's own code lies: in files, or in an executable of Bun's. */
const own = [`${dist}/`, `${packageDirectory}/bin/`, '/$bunfs/'];

/** The places in the user's own code, and in what it loaded, that an error came through, the nearest first. */
export function userFrames(error: Error): Frame[] {
  return framesOf(error).flatMap((text) => {
    const frame = parsed(text);
    return frame && !own.some((directory) => frame.file.startsWith(directory)) ? [frame] : [];
  });
}

/** A stack's lines behind the message, which may look like frames. */
export function framesOf({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message);
  return (at < 0 ? stack : stack.slice(at + message.length)).split('\n').filter((line) => line.startsWith('    at '));
}

/**
 * The place of an error of syntax, before anything ran: Node puts it before the stack of one in CommonJS (`/a/file.js:2`, then the line itself), Bun
 * gives it besides.
 */
export function headOf(error: Error): Pick<Frame, 'file' | 'line'> | undefined {
  const { file, line } = (error as { position?: { file?: unknown; line?: unknown } | null }).position ?? {};
  if (typeof file === 'string' && typeof line === 'number') return { file, line };
  const { stack = '' } = error;
  return placeIn(stack.slice(0, stack.indexOf('\n')));
}

/** `/a/file.js:2`, or its URL. */
export function placeIn(text: string): Pick<Frame, 'file' | 'line'> | undefined {
  const end = /:(\d{1,7})$/.exec(text);
  const file = end ? pathOf(text.slice(0, end.index)) : undefined;
  return end && file !== undefined ? { file, line: Number(end[1]) } : undefined;
}

function parsed(text: string): Frame | undefined {
  const end = /:(\d{1,7}):(\d{1,7})(\)?)$/.exec(text);
  if (!end) return undefined;
  const whole = text.slice(0, end.index);
  const from = Math.max(whole.lastIndexOf(' /'), whole.lastIndexOf('(/'), whole.lastIndexOf(' file:'), whole.lastIndexOf('(file:')) + 1;
  const file = from > 0 ? pathOf(whole.slice(from)) : undefined;
  return file === undefined
    ? undefined
    : { before: whole.slice(0, from), file, line: Number(end[1]), column: Number(end[2]), after: end[3] ?? '' };
}

/** A path, or the path of a file's URL; undefined for whatever else stands for a place. */
export function pathOf(text: string): string | undefined {
  if (text.startsWith('/')) return text;
  try {
    return text.startsWith('file:///') ? fileURLToPath(text) : undefined;
  } catch {
    return undefined;
  }
}
