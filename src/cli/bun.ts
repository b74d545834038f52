import { cleanBunConsole } from '../serve/once/bun-console';
import { openBunDescriptors, readBunPipe } from '../serve/once/bun-descriptors';
import { main } from './main';

// The program as Bun starts it.
main(
  process.argv.slice(2),
  { isPrepared: true },
  { openDescriptors: openBunDescriptors, cleanConsole: cleanBunConsole, readPipe: readBunPipe, canObserve: false },
);
