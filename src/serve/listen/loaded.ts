import { createRequire } from 'node:module';
import type { Script } from '../../call/agi';
import { loadScript } from '../../script/load';
import { headOf, userFrames } from '../../script/stack';
import { withoutExperimental } from '../process/warnings';
import { createFreshness } from './freshness';
import type { Observer } from './observer';

/** The scripts that a worker has loaded. */
export interface Loaded {
  has(path: string): boolean;
  /** Throws ScriptError, or rejects with it. */
  load(path: string): Script | Promise<Script>;
  /** The file that has changed since this worker loaded it, once one has. @param script whose call it is */
  changed(script: string): string | undefined;
  close(): void;
}

/** In ms: Node remembers that a module failed; so long after it another worker tries. */
const patience = 1000;
/** In ms: so long behind a load, and so often later, what was loaded in the meantime is looked for: scripts import when they run, too. */
const [soon, later] = [1000, 30_000];

export function createLoaded(observer: Observer): Loaded {
  const scripts = new Map<string, Script>();
  const failed = new Map<string, number>();
  const freshness = createFreshness();
  let looked = 0;

  const note = (since: number): void => {
    looked = Date.now();
    freshness.add(requiredFiles(), since);
    void observer.files().then((files) => freshness.add(files, since));
  };

  const keep = (path: string, script: Script, since: number): Script => {
    scripts.set(path, script);
    freshness.add([path], since);
    note(since);
    setTimeout(note, soon, since + soon).unref();
    return script;
  };

  const fail = (path: string, error: unknown, since: number): never => {
    failed.set(path, since);
    const { cause } = error as Error;
    const places = cause instanceof Error ? [headOf(cause), ...userFrames(cause)] : [];
    freshness.add([path, ...places.flatMap((place) => (place ? [place.file] : []))], since);
    throw error;
  };

  return {
    has: (path) => scripts.has(path),
    load(path) {
      const known = scripts.get(path);
      if (known) return known;
      const since = Date.now();
      try {
        const script = withoutExperimental(() => loadScript(path)) as Script | Promise<Script>;
        if (!(script instanceof Promise)) return keep(path, script, since);
        return script.then(
          (code) => keep(path, code, since),
          (error: unknown) => fail(path, error, since),
        );
      } catch (error) {
        return fail(path, error, since);
      }
    },
    changed(script) {
      const now = Date.now();
      const at = failed.get(script);
      if (at !== undefined && now - at > patience) return script;
      if (scripts.size > 0 && now - looked > later) note(now);
      return freshness.changed(script);
    },
    close: freshness.close,
  };
}

/** What CommonJS has loaded, JSON and all. */
function requiredFiles(): string[] {
  return Object.keys(createRequire('/').cache);
}
