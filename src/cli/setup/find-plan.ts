import { constants, existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { readIni, settingsIn } from '../../config/read-settings';
import { isBunProgram } from '../../ground/bun-program';
import { ownFiles } from '../../ground/own-command';
import { packageDirectory } from '../../ground/package-directory';
import type { Service } from '../services/finding';
import { factsOf, listOr, mayAccess } from '../services/system-facts';
import { asteriskPaths } from './asterisk-paths';
import { shippedFiles, type Configuration, type Plan, type ShippedFile, type SuperServer } from './plan';

/** What a super-server looks into for programs. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What was asked for. */
export interface Wanted {
  /** If it was named. */
  readonly superServer: SuperServer | undefined;
  /** Whether a few processes are to serve all calls. */
  readonly workers: boolean;
}

/** Finds out what an installation needs to know. @param root the system's */
export function findPlan({ superServer: wanted, workers }: Wanted, services: readonly Service[], root: string): Plan {
  const asterisk = asteriskPaths(root);
  const configuration = configurationIn(join(root, asterisk.etc, 'phpagi.conf'));
  const basedir = configuration?.basedir ?? asterisk.agi;
  const isOwn = root === '/';
  const [program] = ownFiles();
  const isBun = isBunProgram();
  return {
    superServer: wanted ?? services.find(({ isSwitchedOff }) => !isSwitchedOff)?.superServer ?? superServerOf(root),
    isForWorkers: workers,
    asterisk,
    command: isBun
      ? [lasting(process.execPath, 'fastagi-bun', root)]
      : [lasting(process.execPath, 'node', root), lasting(program ?? join(packageDirectory, 'bin/fastagi'), 'fastagi', root)],
    isBun,
    packageDirectory: isOwn ? packageDirectory : below(packageDirectory, root),
    basedir: resolve(basedir),
    configuration,
    texts: Object.fromEntries(shippedFiles.map((file) => [file, readFileSync(join(packageDirectory, file), 'utf8')])) as Record<
      ShippedFile,
      string
    >,
    hasOldScripts: !existsSync(join(root, basedir, 'package.json')) && listOr(join(root, basedir)).some((name) => name.endsWith('.js')),
    isPortNamed: factsOf(root).portOf('fastagi') !== undefined,
  };
}

/** xinetd if it is there, as whoever installed it wants it; else inetd; else systemd. */
function superServerOf(root: string): SuperServer {
  if (existsSync(join(root, 'etc/xinetd.d')) && isThere('xinetd', root)) return 'xinetd';
  if (existsSync(join(root, 'etc/inetd.conf')) && (isThere('inetd', root) || isThere('inetutils-inetd', root))) return 'inetd';
  return 'systemd';
}

function isThere(program: string, root: string): boolean {
  return usualPath.split(delimiter).some((directory) => existsSync(join(root, directory, program)));
}

/** The path by which a program goes on being found after an update: the one that is on every PATH, if it leads to the same. */
function lasting(path: string, name: string, root: string): string {
  const real = realpathSync(path);
  const usual = usualPath.split(delimiter).map((directory) => join(directory, name));
  return usual.find((one) => isSame(join(root, one), real)) ?? below(real, root);
}

function isSame(path: string, real: string): boolean {
  return mayAccess(path, constants.X_OK) && realpathSync(path) === real;
}

/** A path as the system below `root` has it. */
function below(path: string, root: string): string {
  const real = realpathSync(root);
  return real !== '/' && path.startsWith(`${real}/`) ? path.slice(real.length) : path;
}

function configurationIn(file: string): Configuration | undefined {
  if (!existsSync(file)) return undefined;
  const { basedir, user } = settingsIn(readIni(file), {}).fastagi;
  const head = readFileSync(file, 'utf8')
    .split('\n')
    .find((line) => line.trim().startsWith('[fastagi]'));
  return { basedir, user, head };
}
