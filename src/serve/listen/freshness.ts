import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { packageDirectory } from '../../ground/package-directory';
import { isSameStamp, stampOf, type Stamp } from './stamp';

/** Whether what a worker has loaded is still what the files hold. Node keeps a module for ever, so a change wants another worker. */
export interface Freshness {
  /** Notes files that were loaded. @param since in ms since 1970: what has changed since then may have been loaded as it was before */
  add(files: readonly string[], since: number): void;
  /** The file that has changed, once one has. @param file is looked at in any case, if it was loaded */
  changed(file: string): string | undefined;
  close(): void;
}

/** Files of packages are looked at no oftener than this, in ms, and all others too where the system does not tell of changes. */
const pause = 1000;
/** A file system's clock goes in steps, in ms: what was written so soon before it was loaded may have been written again behind that. */
const step = 10;
const mostWatchers = 64;

export function createFreshness(): Freshness {
  /** What each file was like when it was loaded; undefined for one that has gone since. */
  const known = new Map<string, Stamp | undefined>();
  const watchers = new Map<string, FSWatcher>();
  let stale: string | undefined;
  let isTold = false;
  let looked = 0;

  const watchDirectory = (directory: string): void => {
    if (watchers.has(directory) || watchers.size >= mostWatchers || directory.includes('/node_modules/')) return;
    try {
      const watcher = watch(directory, { persistent: false }, () => (isTold = true));
      watcher.on('error', () => undefined);
      watchers.set(directory, watcher);
    } catch {
      // Then they are looked at from time to time.
    }
  };

  const isOther = (file: string): boolean => !isSameStamp(stampOf(file), known.get(file));

  return {
    add(files, since) {
      for (const file of files) {
        if (known.has(file) || file.startsWith(`${packageDirectory}/dist/`)) continue;
        const stamp = stampOf(file);
        known.set(file, stamp);
        watchDirectory(dirname(file));
        if (!stamp || stamp.ctimeMs > since - step) stale ??= file;
      }
    },
    changed(own) {
      if (stale !== undefined) return stale;
      if (known.has(own) && isOther(own)) return (stale = own);
      const now = Date.now();
      if (!isTold && now - looked < pause) return undefined;
      [isTold, looked] = [false, now];
      for (const file of known.keys()) if (isOther(file)) return (stale = file);
      return undefined;
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
