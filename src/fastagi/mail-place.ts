import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where an error was thrown, in the source that a person wrote. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The lines around it, numbered, the line itself marked. */
  readonly around: string;
}

/** More than any script has. */
const largestSource = 1_048_576;

/**
 * The first place of the user's own in the stack of an error or of its causes. A message may name any file; only frames count, and
 * only what lies below basedir is read.
 */
export function placeOf(error: unknown, basedir: string): Place | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    for (const line of framesOf(cause)) {
      const end = /:(\d{1,7})(?::(\d{1,7}))?\)?$/.exec(line);
      const path = end && pathBefore(line.slice(0, end.index));
      if (!path || isOurs(path)) continue;
      return original(path.startsWith('file:') ? fileURLToPath(path) : path, Number(end[1]), Number(end[2] ?? 1), basedir);
    }
  }
  return undefined;
}

/** `at name (/a/file.js` -> the file, or its URL. */
function pathBefore(text: string): string | undefined {
  const path = text.slice(Math.max(text.lastIndexOf(' '), text.lastIndexOf('(')) + 1);
  return path.startsWith('/') || path.startsWith('file:///') ? path : undefined;
}

/** A stack's lines behind the message, which may look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const at = stack.indexOf(message);
  return (at < 0 ? stack : stack.slice(at + message.length)).split('\n').filter((line) => line.startsWith('    at '));
}

function isOurs(path: string): boolean {
  return /\/dist\/(call|ask|menu|speak|text-input|engines|import-file|mail-\w+)\.js$/.test(path) || path.endsWith('/bin/fastagi');
}

/** The place in the source from which the file was made, where a source map tells. */
function original(file: string, line: number, column: number, basedir: string): Place {
  const text = read(file, basedir);
  const map = sourceMapOf(file, text, basedir);
  const entry = map && new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]).findEntry(line - 1, column - 1);
  if (!map || !entry || !('originalSource' in entry)) return { file, line, around: around(text, line) };
  const source = entry.originalSource.startsWith('file:')
    ? fileURLToPath(entry.originalSource)
    : resolve(dirname(file), entry.originalSource);
  const content = map.sourcesContent?.[map.sources.indexOf(entry.originalSource)] ?? read(source, basedir);
  return { file: source, line: entry.originalLine + 1, around: around(content, entry.originalLine + 1) };
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
