import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { makePlace, startXinetd, type Place, type SuperServer } from './super-server';

/** A place with scripts, and the real xinetd that serves them. */
export interface Served {
  readonly place: Place;
  readonly server: SuperServer;
}

/** Serves a place for all tests of a file or block. @param take is given what there is then */
export function serveForAll(settings: string, take: (served: Served) => void): void {
  serve(beforeAll, afterAll, settings, take);
}

/** Serves a place of its own for each test. @param options how xinetd starts the program */
export function serveForEach(settings: string, take: (served: Served) => void, options: Parameters<typeof startXinetd>[1] = {}): void {
  serve(beforeEach, afterEach, settings, take, options);
}

type Hook = (act: () => Promise<void>) => void;

function serve(
  before: Hook,
  after: Hook,
  settings: string,
  take: (served: Served) => void,
  options: Parameters<typeof startXinetd>[1] = {},
): void {
  let served: Served | undefined;
  before(async () => {
    const place = makePlace(settings);
    served = { place, server: await startXinetd(place, options) };
    take(served);
  });
  after(async () => {
    await served?.server.stop();
    served?.place.remove();
  });
}
