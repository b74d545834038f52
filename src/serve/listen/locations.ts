import { statSync } from 'node:fs';
import type { AgiRequest } from '../../agi/wire/request';
import { locateScript, scriptExtensions, type LocatedScript } from '../../script/locate';
import { requestPath } from '../../script/request-path';
import { extensionOf } from '../../script/extension';

/** Where requests have led: looking along the way each time costs more than most scripts do. */
export interface Locations {
  /** Throws ScriptError. */
  locate(request: AgiRequest, basedir: string): LocatedScript;
}

interface Known {
  readonly script: LocatedScript;
  /** The file by the way of the request, its links included. */
  readonly path: string;
  readonly stamp: string;
}

/** So many requests are remembered; those of one script may differ in what they ask for. */
const most = 1000;

/** The same file, by the same way, with the same owner and mode, is found with one look. */
export function createLocations(): Locations {
  const known = new Map<string, Known>();
  return {
    locate(request, basedir) {
      const named = (request['agi_network_script'] ?? '').split('?', 1)[0] ?? '';
      const before = known.get(named);
      if (before && stampOf(before.path) === before.stamp) return before.script;
      known.delete(named);
      const path = requestPath(named);
      const script = locateScript(path, basedir);
      // What is tried first cannot be preceded by a file that is not there yet.
      const first = scriptExtensions.includes(extensionOf(path)) ? path : `${path}${scriptExtensions[0]}`;
      const stamp = stampOf(`${basedir}/${first}`);
      if (known.size < most && stamp !== undefined && !script.isProgram) known.set(named, { script, path: `${basedir}/${first}`, stamp });
      return script;
    },
  };
}

/** Changed by whatever is done with the file: written, given to somebody else, opened to others. */
function stampOf(path: string): string | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat && `${stat.dev} ${stat.ino} ${stat.ctimeMs}`;
  } catch {
    return undefined;
  }
}
