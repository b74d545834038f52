import { createServer, type Server, type Socket } from 'node:net';
import type { Call } from '../../call/call';
import { networkCall } from '../../call/network-call';
import type { OpenManager } from '../../call/call-manager';
import { serveCall } from '../../call/serve-call';
import { callsApart } from '../process/calls-apart';
import { cleanConsole } from '../process/console';
import { limitEnvironment } from '../process/environment';
import { catchExit } from '../process/exit';
import { connectParent } from '../process/parent';
import { watchUncaught } from '../process/uncaught';
import { inherited, type ToMaster, type ToWorker, type WorkerStart } from './messages';
import { createPlaces, type Place } from './places';
import { refusalText, refuse } from './refusal';
import { scoreboardOn } from './scoreboard';
import { serviceLog } from './service-log';
import { socketConnection } from './socket-connection';
import { createTally } from './tally';
import { workerHost } from './worker-host';

/** Serves calls until the master has it retire. Gives the exit status. */
export async function runWorker(openManager: OpenManager): Promise<0> {
  const parent = connectParent<ToMaster, ToWorker>();
  const start = await parent.next((message): message is WorkerStart => message.kind === 'start');
  const worker = createWorker(start, openManager, parent.send);
  return new Promise((resolve) => {
    const retire = (): void => void worker.retire().then(() => resolve(0));
    parent.onMessage((message) => {
      if (message.kind === 'retire') retire();
    });
    // Without a master nobody would replace or end it.
    parent.onLost(retire);
  });
}

interface Worker {
  /** Takes no further calls. Settles when those that it has are over. */
  retire(): Promise<void>;
}

function createWorker(start: WorkerStart, openManager: OpenManager, tell: (message: ToMaster) => void): Worker {
  const { settings, region } = start;
  const { fastagi } = settings;
  limitEnvironment(fastagi.environment, false);
  const log = serviceLog(start.log);
  const current = callsApart();
  cleanConsole(() => current.get()?.log ?? log);
  catchExit(current);
  watchUncaught(current, log);
  const host = workerHost(settings, log, current, openManager);
  const places = createPlaces(scoreboardOn(inherited.scoreboard, start.regions), region, fastagi, () => tell({ kind: 'awake' }));
  const tally = createTally();
  let whenEmpty: (() => void) | undefined;

  const accept = (socket: Socket): void => {
    const peer = socket.remoteAddress;
    // It was closed before it was accepted.
    if (peer === undefined) {
      socket.destroy();
      return;
    }
    const place = places.take(peer);
    if (typeof place === 'string') {
      tally.refused(place);
      void refuse(socket, refusalText(place, place === 'max_calls' ? fastagi.maxCalls : fastagi.maxCallsPerPeer));
      return;
    }
    const admit: typeof host.admit = (script, received) => {
      place.name(received.request['agi_channel'] ?? '', script.name);
      return host.admit(script, received);
    };
    const call = { kind: networkCall, host: { ...host, admit }, connection: socketConnection(socket), begun: Date.now(), afterwards: [] };
    void serve(call, place);
  };

  const serve = async (call: Call, place: Place): Promise<void> => {
    const outcome = await serveCall(call);
    if (outcome) tally.ended('', outcome.status);
    place.free();
    if (places.active === 0) whenEmpty?.();
  };

  const servers = Array.from({ length: start.sockets }, (_, index) => listenOn(inherited.firstSocket + index, fastagi.keepalive, accept));
  void Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve)))).then(() =>
    tell({ kind: 'ready' }),
  );
  return {
    retire() {
      for (const server of servers) server.close();
      return new Promise((resolve) => {
        whenEmpty = resolve;
        if (places.active === 0) resolve();
      });
    },
  };
}

/** How many probes of a dead peer libuv lets fail, one each second. */
const probes = 10;

function listenOn(fd: number, keepalive: number, accept: (socket: Socket) => void): Server {
  const keepAliveInitialDelay = 1000 * Math.min(60, keepalive - probes);
  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay }, accept);
  return server.listen({ fd, backlog: 4096 });
}
