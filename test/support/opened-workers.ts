import { afterEach } from 'vitest';
import { environment, openPeer, politeAnswer, type Peer } from './peer';
import type { Place, SuperServer } from './super-server';
import { makeWorkersPlace, startListen, type ListenOptions, type Listening } from './workers';

/** A place, and the workers that serve it. */
interface Opened {
  readonly place: Place;
  readonly server: Listening;
}

/**
 * Gives what starts workers for one test, behind which they are stopped. Their script `x.mjs` answers, and then does this: it waits for a key unless
 * something else is given.
 * @param take is given what there is then
 */
export function workersForEach(
  take: (opened: Opened) => void,
): (settings: string, doing?: string, options?: ListenOptions) => Promise<void> {
  let opened: Opened | undefined;
  afterEach(async () => {
    await opened?.server.stop();
    opened?.place.remove();
    opened = undefined;
  });
  return async (settings, doing = 'await fastagi.waitForDigit(-1);', options = {}) => {
    const place = makeWorkersPlace(settings);
    place.script('x.mjs', `const kept = []; export default async (fastagi) => { await fastagi.answer(); ${doing} };\n`);
    opened = { place, server: await startListen(place, options) };
    take(opened);
  };
}

/** A call whose commands of this kind are not answered, once one has come. */
export async function heldCall(
  { port }: Pick<SuperServer, 'port'>,
  words = 'WAIT FOR DIGIT',
  extra: Record<string, string> = {},
  script = 'x.mjs',
): Promise<Peer> {
  const answer = (command: string): string | undefined => (command.startsWith(words) ? undefined : politeAnswer(command));
  const peer = openPeer(port, environment(script, extra), answer);
  await peer.seen(new RegExp(`^${words}`));
  return peer;
}
