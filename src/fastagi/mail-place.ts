import { readFileSync } from 'node:fs';
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

/** The first place of the user's own in the stack of an error or of its causes. */
export function placeOf(error: unknown): Place | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    for (const line of (cause.stack ?? '').split('\n')) {
      const end = /:(\d{1,7})(?::(\d{1,7}))?\)?$/.exec(line);
      const path = end && pathBefore(line.slice(0, end.index));
      if (!path || isOurs(path)) continue;
      return original(path.startsWith('file:') ? fileURLToPath(path) : path, Number(end[1]), Number(end[2] ?? 1));
    }
  }
  return undefined;
}

/** `at name (/a/file.js` -> the file, or its URL. */
function pathBefore(text: string): string | undefined {
  const path = text.slice(Math.max(text.lastIndexOf(' '), text.lastIndexOf('(')) + 1);
  return path.startsWith('/') || path.startsWith('file:///') ? path : undefined;
}

function isOurs(path: string): boolean {
  return /\/dist\/(call|ask|menu|speak|text-input|engines|import-file|mail-\w+)\.js$/.test(path) || path.endsWith('/bin/fastagi');
}

/** The place in the source from which the file was made, where a source map tells. */
function original(file: string, line: number, column: number): Place {
  const text = read(file);
  const map = sourceMapOf(file, text);
  const entry = map && new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]).findEntry(line - 1, column - 1);
  if (!map || !entry || !('originalSource' in entry)) return { file, line, around: around(text, line) };
  const source = entry.originalSource.startsWith('file:')
    ? fileURLToPath(entry.originalSource)
    : resolve(dirname(file), entry.originalSource);
  const content = map.sourcesContent?.[map.sources.indexOf(entry.originalSource)] ?? read(source);
  return { file: source, line: entry.originalLine + 1, around: around(content, entry.originalLine + 1) };
}

interface MapFile {
  sources: string[];
  sourcesContent?: (string | null)[];
}

function sourceMapOf(file: string, text: string): MapFile | undefined {
  const url = /\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(text)?.[1];
  if (url === undefined) return undefined;
  try {
    const inline = /^data:application\/json[^,]*,(.*)$/s.exec(url)?.[1];
    const json =
      inline === undefined
        ? readFileSync(resolve(dirname(file), url), 'utf8')
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

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
