import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dist } from '../../ground/package-directory';
import { inherited } from './messages';
import type { AskedForFiles, Files } from './observer-messages';

/** A worker's observer, as the worker uses it. */
export interface Observer {
  /** The files of all code that this worker has loaded by now. */
  files(): Promise<readonly string[]>;
}

/** For a runtime without one: the master learns that there is nobody to ask. */
export function noObserver(): Observer {
  closeSync(inherited.observer);
  return { files: () => Promise.resolve([]) };
}

export function startObserver(): Observer {
  const thread = new Worker(join(dist, 'observer-thread.js'));
  const asked = new Map<number, (files: readonly string[]) => void>();
  let last = 0;
  thread.on('message', ({ id, files }: Files) => {
    asked.get(id)?.(files);
    asked.delete(id);
  });
  thread.on('error', () => undefined);
  thread.unref();
  return {
    files() {
      const message: AskedForFiles = { id: ++last };
      thread.postMessage(message);
      return new Promise((resolve) => void asked.set(message.id, resolve));
    },
  };
}
