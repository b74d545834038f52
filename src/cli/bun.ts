import { cleanBunConsole } from '../serve/once/bun-console';
import { openBunDescriptors, readBunPipe } from '../serve/once/bun-descriptors';
import { main } from './main';
import type { Start } from './start';

/** The program as Bun starts it. */
export function start(how: Start): void {
  const runtime = { openDescriptors: openBunDescriptors, cleanConsole: cleanBunConsole, readPipe: readBunPipe, canObserve: false };
  main(process.argv.slice(2), how, runtime);
}
