import { readdirSync, realpathSync, statSync } from 'node:fs';
import { ScriptError } from '../ground/errors';
import { extensionOf, isTest } from './extension';
import { unreachable } from './reach';

/** In the order in which a name without extension is tried. */
export const scriptExtensions: readonly string[] = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/** A script that was found. */
export interface LocatedScript {
  /** With all symbolic links followed. */
  readonly path: string;
  /** Below basedir. */
  readonly name: string;
  /** Whether it is no JavaScript, but a program in any other language. */
  readonly isProgram: boolean;
  readonly uid: number;
  readonly gid: number;
}

/** Finds a script below basedir. Throws ScriptError: not found, or forbidden. */
export function locateScript(path: string, basedir: string): LocatedScript {
  const base = realBasedir(basedir);
  const real = firstExisting(path, base);
  const root = base === '/' ? '/' : `${base}/`;
  if (!real.startsWith(root)) throw forbidden(path, 'a symbolic link leads out of basedir');
  const stat = follow(path, base, () => statSync(real));
  if (!stat.isFile()) throw forbidden(path, stat.isDirectory() ? 'it is a directory' : 'it is no regular file');
  if (isTest(real)) throw forbidden(path, 'it is a test');
  const isProgram = !scriptExtensions.includes(extensionOf(real));
  if (isProgram && !(stat.mode & 0o111)) {
    throw forbidden(
      path,
      `its extension is none of ${scriptExtensions.join(' ')}, and without the execute bit it is no program either; if it is one: chmod +x ${real}`,
    );
  }
  const name = real.slice(root.length);
  return { path: real, name, isProgram, uid: stat.uid, gid: stat.gid };
}

/** Finds a script that an operator names: below basedir, unless the name says by its beginning that it is a path. Throws ScriptError. */
export function locateNamed(name: string, basedir: string): LocatedScript {
  if (!/^\.{0,2}\//.test(name)) return locateScript(name, basedir);
  const { basename, dirname, resolve } = process.getBuiltinModule('node:path');
  const path = resolve(name);
  return locateScript(basename(path), dirname(path));
}

function realBasedir(basedir: string): string {
  try {
    return realpathSync.native(basedir);
  } catch (cause) {
    const found = unreachable(basedir);
    const why = found ? `${found.why}; ${found.remedy}` : `${(cause as Error).message}; create it or correct [fastagi] basedir`;
    const message = `basedir ${basedir} cannot be entered: ${why}`;
    throw new ScriptError('FASTAGI_BASEDIR', message, { status: 'NOTFOUND', cause });
  }
}

function firstExisting(path: string, base: string): string {
  const names = scriptExtensions.includes(extensionOf(path)) ? [path] : [...scriptExtensions.map((extension) => path + extension), path];
  for (const name of names) {
    const real = follow(path, base, () => tryRealPath(`${base}/${name}`));
    if (real !== undefined) return real;
  }
  throw new ScriptError('FASTAGI_SCRIPT_NOTFOUND', `there is no script ${path} below ${base}${alike(path, base)}`, { status: 'NOTFOUND' });
}

/** What has the same name but for its extension or its capitals: the dialplan must name it as it is. */
function alike(path: string, base: string): string {
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  const stem = stemOf(path.slice(directory.length));
  const names = namesIn(`${base}/${directory}`, base).filter((name) => stemOf(name) === stem && !name.startsWith('.'));
  if (names.length === 0 || stem === '') return '';
  return `; there is ${names.slice(0, 3).join(', ')}: name it as it is, AGI(agi://HOST/${directory}${names[0]})`;
}

function stemOf(name: string): string {
  const extension = extensionOf(name);
  return name.slice(0, name.length - extension.length).toLowerCase();
}

function namesIn(directory: string, base: string): string[] {
  try {
    const real = realpathSync.native(directory);
    return real === base || real.startsWith(`${base}/`) ? readdirSync(real) : [];
  } catch {
    return [];
  }
}

function tryRealPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

function follow<T>(path: string, base: string, look: () => T): T {
  try {
    return look();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ScriptError('FASTAGI_SCRIPT_NOTFOUND', `${path} has just gone`, { status: 'NOTFOUND', cause });
    throw forbidden(path, whyNot(base, path) ?? `it cannot be reached: ${message}`, cause);
  }
}

/** The directory that this user may not enter. */
function whyNot(base: string, path: string): string | undefined {
  const found = unreachable(`${base}/${path}`);
  return found && `${found.why}; ${found.remedy}`;
}

function forbidden(path: string, why: string, cause?: unknown): ScriptError {
  return new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${path} is refused: ${why}`, { status: 'FORBIDDEN', cause });
}
