import type { Channel } from '../../agi/channel';
import { parseRequest } from '../../agi/wire/request';
import type { Agi, AsteriskManager } from '../../call/agi';
import type { Host } from '../../call/host';
import type { CallKind } from '../../call/kind';
import { readInParts } from '../../call/long-values';
import { success } from '../../call/outcome';
import { ownMailer } from '../../call/own-mailer';
import type { Received } from '../../call/receive-request';
import { reportOutcome } from '../../call/report';
import { serveReceived } from '../../call/serve-call';
import type { Settings } from '../../config/settings';
import { HangupError, ProtocolError } from '../../ground/errors';
import { labelled, type Log } from '../../ground/log';
import type { ManagerClient } from '../../manager/client';
import { longestCommand } from '../../manager/wire/action-text';
import { databaseGetByManager, storeAfterHangup } from './after-hangup';
import type { AsyncConnection } from './async-connection';

/** What is served, and where. */
export interface AsyncScript {
  readonly host: Host;
  /** For log and console. */
  readonly name: string;
  /** Its file, if it has one of its own. */
  readonly path: string;
}

/** What the calls of one manager share. */
interface AsyncService extends AsyncScript {
  readonly client: ManagerClient;
}

/** What is known of a call at its beginning. */
export interface Beginning {
  /** The channel's unique id. */
  readonly id: string;
  /** The channel's. */
  readonly name: string;
  /** A byte a character, without its last newlines. */
  readonly environment: string;
  /** Whether Asterisk sent all of it, cut it, or sent it before anybody listened. */
  readonly state: 'whole' | 'cut' | 'missed';
}

/** The place of calls in a process that is the user's: it is not touched. @param openManager gives the one that serves them */
export function managerHost(settings: Settings, log: Log, load: Host['load'], openManager: () => Promise<AsteriskManager>): Host {
  return {
    settings,
    settingsError: undefined,
    log: (label) => (label === '' ? log : labelled(log, label)),
    admit: async () => 'here',
    load,
    contain: (_call, run) => run(),
    manager: () => ({ open: openManager, close: () => Promise.resolve() }),
    mail: ownMailer(settings),
  };
}

/** Serves one call that came over the manager, from AsyncAGIStart until the dialplan has the channel again. */
export async function serveAsyncCall(service: AsyncService, connection: AsyncConnection, beginning: Beginning): Promise<void> {
  const begun = Date.now();
  const received = await receive(connection, beginning);
  if (received) await serveReceived({ kind: kindOf(service, connection), host: service.host, connection, begun, afterwards: [] }, received);
}

/** Undefined if the call has ended meanwhile. */
async function receive(connection: AsyncConnection, { environment: begun, state }: Beginning): Promise<Received | undefined> {
  const received = (environment: string, problem?: ProtocolError): Received => ({
    request: parseRequest(environment),
    environment,
    rest: '',
    proxied: undefined,
    problem,
  });
  try {
    const rest = state === 'whole' ? '' : await connection.drain();
    return received(state === 'cut' ? (begun + rest).replace(/\n\n$/, '') : begun);
  } catch (error) {
    if (error instanceof HangupError) return undefined;
    if (error instanceof ProtocolError) return received(begun, error);
    throw error;
  }
}

function kindOf({ client, name, path }: AsyncService, connection: AsyncConnection): CallKind {
  return {
    network: false,
    nameOf: () => name,
    locate: () => ({ path, name, uid: 0, gid: 0, isProgram: false }),
    overManager: {
      longestLine: longestCommand,
      adapt(agi: Agi, channel: Channel) {
        readInParts(agi, databaseGetByManager(agi, client));
        storeAfterHangup(agi, channel, client, () => connection.name);
        const { asyncAgiBreak } = agi;
        // A script that gives the call back itself has done what it wanted.
        agi.asyncAgiBreak = async () => {
          await reportOutcome(agi, channel, name, success, true);
          await asyncAgiBreak();
        };
      },
    },
  };
}
