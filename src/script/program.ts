import { closeSync, constants, openSync, readSync } from 'node:fs';

/** What an interpreter's line is read up to by Linux, in bytes. */
const longestLine = 256;

/** A file's first line for its interpreter, perhaps behind a byte order mark. */
const interpreterLine = /^(?:\xef\xbb\xbf)?#!/;

interface Problem {
  readonly why: string;
  readonly remedy: string;
}

/**
 * Why a file cannot be started as a program, and what mends it: neither an interpreter's line nor a binary, which would be given to a
 * shell, whatever it is; or a line that Linux does not understand. Throws what reading it throws.
 */
export function beginningProblem(path: string): Problem | undefined {
  return problemOf(beginningOf(path), path);
}

/** What keeps Asterisk from starting a script by its `#!` line, where it has one. Throws what reading it throws. */
export function interpreterProblem(path: string): Problem | undefined {
  const text = beginningOf(path);
  return interpreterLine.test(text) ? problemOf(text, path) : undefined;
}

function problemOf(text: string, path: string): Problem | undefined {
  if (text.startsWith('\x7fELF')) return undefined;
  if (text.startsWith('\xef\xbb\xbf#!'))
    return { why: 'a byte order mark stands before its #!', remedy: `take it out: sed -i '1s/^\\xEF\\xBB\\xBF//' ${path}` };
  if (!text.startsWith('#!')) return { why: 'it is no binary', remedy: 'its first line must name its interpreter (#!/usr/bin/perl)' };
  if (lineOf(text).endsWith('\r'))
    return { why: 'its lines end with CR LF, as under Windows', remedy: `take the CR out: sed -i 's/\\r$//' ${path}` };
  return undefined;
}

/** Whether a regular file that is no JavaScript was meant to be run. */
export function isMeantAsProgram(path: string): boolean {
  if (/\.(?:php\d?|phtml|pl|py|rb|sh|bash|lua|tcl|awk|exe|bin)$/i.test(path)) return true;
  const text = triedBeginning(path);
  return interpreterLine.test(text) || text.startsWith('\x7fELF');
}

/** Whether a file names its interpreter. */
export function hasInterpreter(path: string): boolean {
  return triedBeginning(path).startsWith('#!');
}

/** An empty text where it cannot be read. */
function triedBeginning(path: string): string {
  try {
    return beginningOf(path);
  } catch {
    return '';
  }
}

function lineOf(text: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text : text.slice(0, end);
}

function beginningOf(path: string): string {
  // A pipe in its place would be waited for.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const beginning = Buffer.alloc(longestLine);
    return beginning.toString('latin1', 0, readSync(file, beginning));
  } finally {
    closeSync(file);
  }
}
