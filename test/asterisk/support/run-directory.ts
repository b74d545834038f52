import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { removeAll } from '../../support/super-server';

/**
 * A directory for the files of one run, readable for scripts of any owner. It goes with this process; what a killed
 * process left goes when the next one comes.
 */
export function createRunDirectory(kind: string): { path: string; remove(): void } {
  for (const name of readdirSync('/tmp')) {
    const owner = new RegExp(`^fastagi-${kind}-(\\d+)-`).exec(name)?.[1];
    if (owner !== undefined && !isRunning(Number(owner))) removeAll(`/tmp/${name}`);
  }
  const path = mkdtempSync(`/tmp/fastagi-${kind}-${String(process.pid)}-`);
  chmodSync(path, 0o755);
  const removePath = () => {
    removeAll(path);
  };
  const interrupted = (signal: NodeJS.Signals) => {
    removePath();
    process.kill(process.pid, signal);
  };
  process.once('exit', removePath).once('SIGINT', interrupted).once('SIGTERM', interrupted);
  return {
    path,
    remove() {
      process.off('exit', removePath).off('SIGINT', interrupted).off('SIGTERM', interrupted);
      removePath();
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
