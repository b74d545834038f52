import { existsSync, statSync } from 'node:fs';
import { ScriptError } from '../ground/errors';
import { packageDirectory } from '../ground/package-directory';
import { oneLine } from '../ground/visible';
import { hasInterpreter } from './program';
import { unreachable } from './reach';
import { framesOf, headOf, userFrames } from './stack';
import { syntaxPlace } from './syntax-place';

/** Why a script could not be loaded, with the place and the remedy. */
export function failedLoad(path: string, error: unknown): ScriptError {
  if (error instanceof ScriptError) return error;
  const unreadable = unreadableScript(path);
  if (unreadable) return unreadable;
  const why =
    error instanceof Error ? `${nameOf(error)}: ${messageOf(error)}${placeText(path, error)}${remedyFor(path, error)}` : String(error);
  return new ScriptError('FASTAGI_SCRIPT_LOAD', `${path} cannot be loaded: ${oneLine(why)}`, { status: 'FAILURE', cause: error });
}

/** A module without a function. What has a line for its interpreter was perhaps meant to be run as it is. */
export function noScript(path: string): ScriptError {
  const name = path.slice(0, path.lastIndexOf('.'));
  const asItIs = `; to have it run as it is, as a program of its own, name it without its extension: mv ${path} ${name}`;
  const message = `${path} exports no function by default; write: export default async function (fastagi) { ... }`;
  return new ScriptError('FASTAGI_SCRIPT_EXPORT', `${message}${isOwnProgram(path) ? asItIs : ''}`, { status: 'FAILURE' });
}

function isOwnProgram(path: string): boolean {
  return hasInterpreter(path) && (statSync(path).mode & 0o111) !== 0;
}

/** Bun has names of its own for what it finds before a module runs. */
const namesOfBun: Readonly<Record<string, string>> = { BuildMessage: 'SyntaxError', ResolveMessage: 'Error' };

const nameOf = ({ name }: Error): string => namesOfBun[name] ?? name;

/** Without the list of who required whom: the script is named, and its file is the place. */
function messageOf({ message }: Error): string {
  const list = message.indexOf('\nRequire stack:');
  return list < 0 ? message : message.slice(0, list);
}

function unreadableScript(path: string): ScriptError | undefined {
  const found = unreachable(path);
  if (!found) return undefined;
  return new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${path} is refused: ${found.why}; ${found.remedy}`, { status: 'FORBIDDEN' });
}

/** ` (line 3)`, or the file too where it is another one. */
function placeText(path: string, error: Error): string {
  const place = headOf(error) ?? (isOfSyntax(error) ? syntaxPlace(path) : userFrames(error)[0]);
  if (!place) return '';
  return place.file === path ? ` (line ${place.line})` : ` (${place.file}, line ${place.line})`;
}

/** Node itself found it while it linked modules: none of them ran. */
function isOfSyntax(error: Error): boolean {
  return error instanceof SyntaxError && (framesOf(error)[0] ?? '').includes('(node:internal/');
}

/** How a package that is missing is installed. */
function remedyFor(path: string, error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return '';
  const named = /^Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1];
  const name = named === undefined ? undefined : /^(?:@[^/]+\/)?[^./@#][^/]*/.exec(named)?.[0];
  if (name === undefined || named?.startsWith('file:')) return '';
  return `; install it: cd ${projectOf(path)} && npm install ${name === 'fastagi' ? packageDirectory : name}`;
}

/** The nearest directory with a package.json; the script's own where there is none. */
function projectOf(path: string): string {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const directory = path.slice(0, at);
    if (existsSync(`${directory}/package.json`)) return directory;
  }
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
