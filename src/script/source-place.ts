import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userFrames } from './stack';

/** Where an error was thrown, in the source that a person wrote. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The lines around it, numbered, the line itself marked; an empty text where the source cannot be read. */
  readonly around: string;
}

/** More than any script has. */
const largestSource = 1_048_576;

/**
 * The first place of the user's own in the stack of an error or of its causes, rather than in a library. A message may name any file; only
 * frames count, and only what lies below basedir is read.
 */
export function placeOf(error: unknown, basedir: string): Place | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    const frames = userFrames(cause);
    const frame = frames.find(({ file }) => !file.includes('/node_modules/')) ?? frames[0];
    if (frame) return withLines(frame, basedir);
  }
  return undefined;
}

function withLines(frame: Position, basedir: string): Place {
  const { file, line, content } = original(frame, basedir);
  return { file, line, around: around(content ?? read(file, basedir), line) };
}

interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Files that were read, so that several places in one cost one reading. */
export type ReadFiles = Map<string, { readonly text: string; readonly map: (MapFile & { readonly entries: SourceMap }) | undefined }>;

/** The place in the source from which the file was made, where a source map tells. */
export function original(
  { file, line, column }: Position,
  basedir: string,
  files: ReadFiles = new Map(),
): Position & { readonly content?: string } {
  const found = files.get(file) ?? readWithMap(file, basedir);
  files.set(file, found);
  const { text, map } = found;
  const entry = map?.entries.findEntry(line - 1, column - 1);
  if (!map || !entry || !('originalSource' in entry)) return { file, line, column, content: text };
  const { originalSource, originalLine, originalColumn } = entry;
  const source = originalSource.startsWith('file:') ? fileURLToPath(originalSource) : resolve(dirname(file), originalSource);
  const content = map.sourcesContent?.[map.sources.indexOf(originalSource)];
  return { file: source, line: originalLine + 1, column: originalColumn + 1, ...(typeof content === 'string' && { content }) };
}

function readWithMap(file: string, basedir: string): ReturnType<ReadFiles['get']> & object {
  const text = read(file, basedir);
  const map = sourceMapOf(file, text, basedir);
  return { text, map: map && { ...map, entries: new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]) } };
}

interface MapFile {
  sources: string[];
  sourcesContent?: (string | null)[];
}

function sourceMapOf(file: string, text: string, basedir: string): MapFile | undefined {
  const url = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
  if (url === undefined) return undefined;
  try {
    const inline = /^data:application\/json[^,]*,(.*)$/s.exec(url)?.[1];
    const json =
      inline === undefined
        ? read(resolve(dirname(file), url), basedir)
        : Buffer.from(inline, url.includes(';base64,') ? 'base64' : 'utf8').toString();
    return JSON.parse(json) as MapFile;
  } catch {
    return undefined;
  }
}

function around(text: string, line: number): string {
  if (text === '') return '';
  const lines = text.split('\n');
  const from = Math.max(0, line - 4);
  return lines
    .slice(from, line + 3)
    .map((content, index) => `${from + index + 1 === line ? '>' : ' '} ${String(from + index + 1).padStart(4)} | ${content}`)
    .join('\n');
}

/** A regular file below basedir that is not too large; an empty text for all else. */
function read(file: string, basedir: string): string {
  try {
    const real = realpathSync(file);
    if (!real.startsWith(`${realpathSync(basedir)}/`)) return '';
    // A pipe in its place would be waited for.
    const descriptor = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const stat = fstatSync(descriptor);
      return stat.isFile() && stat.size <= largestSource ? readFileSync(descriptor, 'utf8') : '';
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}
