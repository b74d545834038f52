import type { AgiRequest } from '../../agi/wire/request';
import { locateScript, scriptExtensions, type LocatedScript } from '../../script/locate';
import { requestPath } from '../../script/request-path';
import { extensionOf } from '../../script/extension';
import { isSameStamp, stampOf, type Stamp } from './stamp';

/** Where requests have led: looking along the way each time costs more than most scripts do. */
export interface Locations {
  /** Throws ScriptError. */
  locate(request: AgiRequest, basedir: string): LocatedScript;
}

interface Known {
  readonly script: LocatedScript;
  /** The file by the way of the request, its links included. */
  readonly path: string;
  readonly stamp: Stamp;
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
      if (before && isSameStamp(stampOf(before.path), before.stamp)) return before.script;
      known.delete(named);
      const path = requestPath(named);
      // What is tried first cannot be preceded by a file that is not there yet.
      const first = `${basedir}/${path}${scriptExtensions.includes(extensionOf(path)) ? '' : scriptExtensions[0]}`;
      // Looked at before: what is exchanged in the meantime is looked for again.
      const stamp = stampOf(first);
      const script = locateScript(path, basedir);
      if (known.size < most && stamp && !script.isProgram) known.set(named, { script, path: first, stamp });
      return script;
    },
  };
}
