import { statSync } from 'node:fs';
import { join } from 'node:path';
import { accountRows, readOr } from '../services/system-facts';

/** Where Asterisk has what concerns scripts, and whom it runs as. */
export interface AsteriskPaths {
  readonly etc: string;
  /** Where it looks for scripts. */
  readonly agi: string;
  readonly spool: string;
  /** Holds a directory for each language. */
  readonly sounds: string;
  /** Undefined if there is no such user here. */
  readonly user: string | undefined;
}

const file = '/etc/asterisk/asterisk.conf';

/** As asterisk.conf says, FreePBX's included; else as Asterisk has it unless told otherwise. @param root the system's */
export function asteriskPaths(root = '/'): AsteriskPaths {
  const { directories, options } = parseAsteriskConf(readOr(join(root, file)));
  const varlib = directories['astvarlibdir'] ?? '/var/lib/asterisk';
  return {
    etc: directories['astetcdir'] ?? '/etc/asterisk',
    agi: directories['astagidir'] ?? join(varlib, 'agi-bin'),
    spool: directories['astspooldir'] ?? '/var/spool/asterisk',
    sounds: join(directories['astdatadir'] ?? varlib, 'sounds'),
    user: userOf(root, options['runuser'], varlib),
  };
}

/** FreePBX says nowhere in asterisk.conf whom Asterisk runs as: its files tell. */
function userOf(root: string, named: string | undefined, varlib: string): string | undefined {
  const accounts = accountRows('passwd', root);
  const owner = ownerOf(join(root, varlib));
  const found =
    accounts.find(([name]) => name === named) ??
    accounts.find(([, , uid]) => owner !== undefined && owner !== 0 && uid === String(owner)) ??
    accounts.find(([name]) => name === 'asterisk');
  return found?.[0];
}

function ownerOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.uid;
}

interface AsteriskConf {
  readonly directories: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
}

/** Asterisk's own format: `name => value` or `name = value`, and comments behind a semicolon. */
export function parseAsteriskConf(text: string): AsteriskConf {
  const sections: Record<string, Record<string, string>> = { directories: {}, options: {} };
  let section = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(?<!\\);.*/, '').trim();
    const heading = /^\[([^\]]+)\]/.exec(line)?.[1];
    const at = line.indexOf('=');
    if (heading !== undefined) section = heading;
    else if (at > 0) (sections[section] ??= {})[line.slice(0, at).trim()] = line.slice(line[at + 1] === '>' ? at + 2 : at + 1).trim();
  }
  return { directories: sections['directories'] ?? {}, options: sections['options'] ?? {} };
}
