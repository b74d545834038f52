import { createServer, type Server, type Socket } from 'node:net';
// At once: whatever comes of the package later, this process goes on with what it began with.
import '../../call/later';
import type { OpenManager } from '../../call/call-manager';
import { guardedCalls } from '../process/calls-apart';
import type { cleanConsole as cleanNodeConsole } from '../process/console';
import { limitEnvironment } from '../process/environment';
import { connectParent, type Parent } from '../process/parent';
import { inherited, type ToMaster, type ToWorker, type WorkerStart } from './messages';
import { createLoaded } from './loaded';
import { noObserver, startObserver } from './observer';
import { whoseName } from './observer-messages';
import { createPlaces } from './places';
import { scoreboardOn } from './scoreboard';
import { serviceLog } from '../process/service-log';
import { createTally } from './tally';
import { createWearWatch, ownMemory } from './wear';
import { createWorkerCalls } from './worker-calls';
import { watchUnacknowledged } from './unacknowledged';
import { workerHost } from './worker-host';

/** What the runtime decides. */
export interface WorkerRuntime {
  readonly openManager: OpenManager;
  readonly cleanConsole: typeof cleanNodeConsole;
  /** Whether a thread can see what another one does. */
  readonly canObserve: boolean;
}

/** Serves calls until the master has it retire. Gives the exit status. */
export async function runWorker(runtime: WorkerRuntime): Promise<0> {
  const parent = connectParent<ToMaster, ToWorker>();
  const start = await parent.first;
  if (start.kind !== 'start') throw new Error(`a worker was told ${start.kind} first`);
  return serve(start, parent, runtime);
}

async function serve(start: WorkerStart, parent: Parent<ToMaster, ToWorker>, runtime: WorkerRuntime): Promise<0> {
  const { openManager, cleanConsole, canObserve } = runtime;
  const { settings, region } = start;
  const { fastagi } = settings;
  limitEnvironment(fastagi.environment, false);
  const log = serviceLog(start.log);
  const current = guardedCalls(log, cleanConsole);
  const tally = createTally();
  const board = scoreboardOn(inherited.scoreboard, start.regions);
  const places = createPlaces({ board, region, limits: fastagi }, () => parent.send({ kind: 'awake' }), tally.delayed);
  const tellFigures = (): void => {
    const stats = tally.take(ownMemory);
    if (stats) parent.send({ kind: 'figures', stats });
  };
  setInterval(tellFigures, figuresPause).unref();
  const wear = createWearWatch(settings);
  const loaded = createLoaded(canObserve ? startObserver() : noObserver());
  const host = workerHost(settings, log, current, loaded, openManager);
  Object.assign(process, { [Symbol.for(whoseName)]: () => current.get()?.label });
  const calls = createWorkerCalls({
    host,
    places,
    tally,
    mustGo(script) {
      const file = loaded.changed(script);
      if (file === undefined) return false;
      if (board.glance().isCrowded) {
        warnOnce(
          `${file} has changed, but as many workers are alive as may be: until one has finished its calls, scripts run as they were before`,
        );
        return false;
      }
      stopListening('changed');
      return true;
    },
    give: (socket, request) => parent.send({ kind: 'call', request }, socket),
    ended() {
      const why = wear.served();
      if (why) parent.send({ kind: 'worn', why });
    },
  });
  const servers = start.sockets.map((fd) => listenOn(fd, fastagi.keepalive, calls.accept));
  watchUnacknowledged(calls.sockets, fastagi.keepalive, (socket) => {
    log.warn(
      `connection from ${socket.remoteAddress}: what was sent was not acknowledged for ${fastagi.keepalive} s (keepalive); it is closed`,
    );
    socket.destroy();
  });
  let isListening = true;
  let isWarned = false;

  const warnOnce = (text: string): void => {
    if (!isWarned) log.warn(text);
    isWarned = true;
  };

  const stopListening = (why?: 'changed'): void => {
    if (!isListening) return;
    isListening = false;
    for (const server of servers) server.close();
    if (why) parent.send({ kind: 'worn', why });
  };

  await Promise.all(servers.map((server) => new Promise((resolve) => void server.once('listening', resolve))));
  parent.send({ kind: 'ready' });
  await new Promise<void>((resolve) => {
    parent.take((message, socket) => {
      if (message.kind === 'retire') resolve();
      if (message.kind === 'hangUp') calls.hangUp();
      if (message.kind === 'call' && socket) calls.takeOver(socket, message.request);
    });
    // Without a master nobody would replace or end it.
    parent.onLost(resolve);
  });
  stopListening();
  // What was accepted by then becomes a call in the next turn of the event loop.
  await nextTurn();
  await calls.over();
  loaded.close();
  tellFigures();
  return 0;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** So often the master learns what was counted, in ms. */
const figuresPause = 1000;
/** So many connections may wait to be accepted; the kernel takes no more than net.core.somaxconn. */
const queue = 4096;
/** How many probes of a dead peer libuv lets fail, one each second. */
const probes = 10;

function listenOn(fd: number, keepalive: number, accept: (socket: Socket) => void): Server {
  const keepAliveInitialDelay = 1000 * Math.min(60, keepalive - probes);
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay }, accept);
  // Of a descriptor Node takes the queue's length only as a word of its own.
  return server.listen({ fd }, queue);
}
