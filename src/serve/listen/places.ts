import { isListed } from '../../call/peer';
import { monotonic } from './monotonic';
import type { RefusalReason } from './refusal';
import type { Scoreboard } from './scoreboard';

/** The places of a worker's calls in the scoreboard. */
export interface Places {
  /** Calls that are not over, those too whose connection is closed. */
  readonly unfinished: number;
  /** Takes a place for a connection; gives why there is none. */
  take(peer: string): Place | RefusalReason;
  /** Takes one for a call that another worker had a place for. */
  takeOver(peer: string): Place;
}

export interface Place {
  /** What the call is, once its request is known: from now on others see it. */
  name(channel: string, script: string): void;
  /** Its connection is closed: another call may have the place. */
  free(): void;
  /** Nothing of it goes on any more. */
  over(): void;
}

interface Limits {
  readonly maxCalls: number;
  /** 0: none. */
  readonly maxCallsPerPeer: number;
  /** Addresses and networks of proxies: behind one there may be many Asterisks. */
  readonly proxyProtocol: readonly string[];
}

/** How often a worker with calls says that its event loop goes round, in ms. */
const beat = 20;
/** So many addresses are remembered. */
const mostKnown = 1000;

/**
 * @param awake told if there is a call while the master looks seldom
 * @param delayed told how much later than it should the event loop went round, in ms
 */
export function createPlaces(
  { board, region, limits }: { readonly board: Scoreboard; readonly region: number; readonly limits: Limits },
  awake: () => void,
  delayed: (ms: number) => void,
): Places {
  const free: number[] = [];
  const byPeer = new Map<string, number>();
  const proxies = new Map<string, boolean>();
  let used = 0;
  let active = 0;
  let unfinished = 0;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;

  const writeHeader = (): void => board.writeHeader(region, { active, places: used, beat: unfinished > 0 ? monotonic() : 0 });

  const goOn = (): void => {
    const now = performance.now();
    delayed(Math.max(0, now - last - beat));
    last = now;
    writeHeader();
    if (unfinished > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  const count = (peer: string, difference: 1 | -1): void => {
    active += difference;
    const left = (byPeer.get(peer) ?? 0) + difference;
    if (left === 0) byPeer.delete(peer);
    else byPeer.set(peer, left);
    writeHeader();
  };

  /** Others are asked only if they could have so many. */
  const isPeerFull = (peer: string, all: number): boolean => {
    const { maxCallsPerPeer } = limits;
    if (maxCallsPerPeer === 0 || isProxy(peer)) return false;
    const own = byPeer.get(peer) ?? 0;
    if (own + all - active < maxCallsPerPeer) return false;
    return own + others(peer) >= maxCallsPerPeer;
  };

  const isProxy = (peer: string): boolean => {
    if (limits.proxyProtocol.length === 0) return false;
    const known = proxies.get(peer);
    if (known !== undefined) return known;
    const found = isListed(peer, limits.proxyProtocol, 'proxy_protocol');
    if (proxies.size < mostKnown) proxies.set(peer, found);
    return found;
  };

  const others = (peer: string): number => {
    let sum = 0;
    board.headers().forEach((header, other) => {
      if (other === region || header.active === 0) return;
      sum += board.entries(other).filter((entry) => entry.peer === peer).length;
    });
    return sum;
  };

  const placeFor = (peer: string, isWatched: boolean): Place => {
    const at = free.pop() ?? used++;
    const begun = Date.now();
    board.writeEntry(region, at, { begun, peer, channel: '', script: '' });
    unfinished += 1;
    count(peer, 1);
    if (!timer) {
      last = performance.now();
      timer = setInterval(goOn, beat);
    }
    if (!isWatched) awake();
    let isFree = false;
    return {
      name: (channel, script) => board.writeEntry(region, at, { begun, peer, channel, script }),
      free() {
        if (isFree) return;
        isFree = true;
        board.writeEntry(region, at, undefined);
        free.push(at);
        count(peer, -1);
      },
      over() {
        this.free();
        unfinished -= 1;
      },
    };
  };

  return {
    get unfinished() {
      return unfinished;
    },
    take(peer) {
      const { active: all, isWatched } = board.glance();
      if (all >= limits.maxCalls) return 'max_calls';
      if (isPeerFull(peer, all)) return 'max_calls_per_peer';
      return placeFor(peer, isWatched);
    },
    takeOver: (peer) => placeFor(peer, board.glance().isWatched),
  };
}
