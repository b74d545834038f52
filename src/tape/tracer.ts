import { lstatSync } from 'node:fs';
import { connect } from 'node:net';
import { masterOf } from '../ground/trust';
import type { Secrets } from '../ground/secrets';
import { createScribe } from './scribe';
import type { Tap } from './tap';
import { messageLine, type TracedCall } from './trace-text';

/** Shows a call to whoever watches. */
export interface Tracer extends Tap {
  /** The call is over. Settles when all of it was sent, or nobody takes it. */
  finish(text: string, place: readonly string[]): Promise<void>;
}

/** In bytes: if so much waits for whoever watches, lines are dropped. */
const most = 262_144;
/** In ms: so long an ended call's process waits for whoever watches. */
const patience = 500;

/**
 * Whether somebody whom this process may trust watches at this socket: root, or its own user. Whoever else could put a socket there would see
 * what callers and scripts say.
 */
export function isTrusted(path: string): boolean {
  const own = process.geteuid?.() ?? 0;
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isSocket() || (stat.uid !== 0 && stat.uid !== own)) return false;
  const master = masterOf(path.slice(0, path.lastIndexOf('/')) || '/');
  return master === 'root' || master === own;
}

/** What passed before there was a tracer. */
export interface KeptPiece {
  readonly piece: Parameters<Tap['passed']>[0];
  /** In ms since 1970. */
  readonly at: number;
}

/** What a call was until now. */
interface Past {
  /** In ms since 1970. */
  readonly begun: number;
  /** The present time, in the same way. */
  now(): number;
  /** As it came. */
  readonly environment: string;
  readonly kept: readonly KeptPiece[];
  /** Whether nothing had passed before. */
  readonly isFromTheBeginning: boolean;
}

export function createTracer(path: string, call: TracedCall, secrets: Secrets, past: Past): Tracer {
  const socket = connect(path);
  let state: 'open' | 'closed' = 'open';
  let dropped = 0;
  socket.unref();
  socket.on('error', () => (state = 'closed'));
  socket.on('close', () => (state = 'closed'));
  // Whoever watches other calls only closes the connection.
  socket.resume();

  const send = (line: string): void => {
    if (state === 'closed') return;
    if (socket.writableLength > most) {
      dropped += 1;
      return;
    }
    if (dropped > 0) socket.write(messageLine({ kind: 'dropped', lines: dropped }));
    dropped = 0;
    socket.write(line);
  };

  send(messageLine({ kind: 'call', call }));
  let at: number | undefined = past.begun;
  const now = (): number => Math.max(0, (at ?? past.now()) - past.begun);
  const scribe = createScribe(secrets, now, (entry) => send(messageLine({ kind: 'entry', entry })));
  scribe.passed({ direction: '<', bytes: `${past.environment}\n\n`, isSecret: false });
  if (!past.isFromTheBeginning) scribe.note('!', '(what was said before this was not watched)');
  for (const { piece, at: then } of past.kept) {
    at = then;
    scribe.passed(piece);
  }
  at = undefined;
  return {
    passed: scribe.passed,
    ended: scribe.ended,
    async finish(text, place) {
      scribe.end();
      for (const line of place) scribe.note('!', line);
      scribe.note('.', text);
      if (state === 'closed') return;
      await new Promise<void>((resolve) => {
        socket.ref();
        const late = setTimeout(() => (socket.destroy(), resolve()), patience);
        socket.once('close', () => (clearTimeout(late), resolve()));
        if (dropped > 0) socket.write(messageLine({ kind: 'dropped', lines: dropped }));
        socket.end();
      });
    },
  };
}
