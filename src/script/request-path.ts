import { ScriptError } from '../ground/errors';
import { oneLine } from '../ground/visible';

/**
 * The script's path below basedir that a request names: without its query, decoded once.
 * Throws ScriptError for what names no script, or tries to leave basedir.
 */
export function requestPath(networkScript: string | undefined): string {
  const named = (networkScript ?? '').split('?', 1)[0] ?? '';
  if (named === '') {
    throw new ScriptError('FASTAGI_SCRIPT_UNNAMED', 'the request names no script; write AGI(agi://HOST/SCRIPT)', { status: 'NOTFOUND' });
  }
  const path = decoded(named);
  for (const segment of path.split('/')) {
    const why = refusal(segment);
    if (why !== undefined) throw forbidden(path, why);
  }
  return path;
}

function decoded(named: string): string {
  try {
    return decodeURIComponent(named);
  } catch {
    throw forbidden(named, 'its % signs make no sense; write % itself as %25');
  }
}

function refusal(segment: string): string | undefined {
  if (segment === '') return 'it begins or ends with / or holds //';
  if (segment === '..') return 'it leaves basedir';
  if (segment.startsWith('.')) return 'hidden files are no scripts';
  if (segment === 'node_modules') return 'libraries are no scripts';
  if (segment.includes('\\')) return 'it holds a backslash';
  return !segment.isWellFormed() || hasControls(segment) ? 'it holds characters that no script has in its name' : undefined;
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
  }
  return false;
}

function forbidden(path: string, why: string): ScriptError {
  return new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${oneLine(path)} is refused: ${why}`, { status: 'FORBIDDEN' });
}
