import type { Tap } from '../tape/tap';
import type { KeptPiece, Tracer } from '../tape/tracer';
import type { Outcome } from './outcome';
import type { Run } from './run';

/** How often a call looks whether somebody wants to watch it, in ms. */
const often = 1000;

/** In ms: a call begins before its process loads what is needed to watch it. */
const delay = 20;

/** Whoever else runs in this process may be given another time. */
const { now } = Date;

/**
 * Lets whoever runs `fastagi trace` watch a call, from its beginning on or from the middle.
 * @param script the script's file
 * @returns what is done when the call is over
 */
export function letWatch(run: Run, script: string): (outcome: Outcome) => Promise<void> {
  const { lstatSync } = process.getBuiltinModule('node:fs');
  const { traceSocket: path } = run.call.host.settings.fastagi;
  let tracer: Promise<Tracer | undefined> | undefined;
  let timer: NodeJS.Timeout | undefined;
  // Mostly behind the first command: Node's first timer takes half a millisecond.
  const beginning = setImmediate(() => (timer = setInterval(look, often).unref()));
  const end = (): void => {
    clearImmediate(beginning);
    clearInterval(timer);
  };
  const look = (): void => {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    end();
    tracer = attach(run, path, script).catch(() => undefined);
  };
  look();
  return async ({ status, reason, error }) => {
    end();
    const watching = await tracer;
    if (!watching) return;
    const { placeLines } = await import('./record/recording');
    await watching.finish(`${status} ${reason}`.trimEnd(), placeLines(error, run.call.host.settings.fastagi.basedir));
  };
}

async function attach(run: Run, path: string, script: string): Promise<Tracer | undefined> {
  const { call, received, secrets, taps, lines } = run;
  // What passes meanwhile is kept for the tracer.
  const kept: KeptPiece[] = [];
  const keeper: Tap = { passed: (piece) => void kept.push({ piece, at: now() }) };
  const isFromTheBeginning = lines.last.length === 0;
  taps.push(keeper);
  await new Promise((resolve) => setTimeout(resolve, delay));
  const loaded = Promise.all([import('../tape/tracer'), import('./record/recording')]);
  const [{ createTracer, isTrusted }, { headOf }] = await loaded.finally(() => taps.splice(taps.indexOf(keeper), 1));
  if (!isTrusted(path)) return undefined;
  const { request, environment, proxied } = received;
  const head = headOf(call, request, script, secrets);
  const traced = {
    channel: secrets.hide(request['agi_channel'] ?? ''),
    script: head.name,
    peer: proxied ?? call.connection.peer() ?? '',
    pid: process.pid,
    head,
  };
  const tracer = createTracer(path, traced, secrets, { begun: call.begun, now, environment, kept, isFromTheBeginning });
  taps.push(tracer);
  return tracer;
}
