import { FastagiError } from '../ground/errors';
import type { Call } from './call';
import { inFull } from './log-end';
import { isPeersFault, outcomeOf, type Outcome } from './outcome';
import { receiveRequest, type Received } from './receive-request';
import { runCall } from './run-call';

/** Serves a call from its first byte to the close. Gives what it came to; undefined if nobody called, or another process has the call. */
export function serveCall(call: Call): Promise<Outcome | undefined> {
  return toTheClose(call, async () => {
    const { fastagi } = call.host.settings;
    const { isProxied, refusal } = call.host.settings.fastagi.proxyProtocol.length > 0 ? await lookForProxy(call) : noProxy;
    const received = await receiveRequest(call.connection, fastagi.environmentTimeout, isProxied);
    return received && runCall(call, refusal === undefined ? received : { ...received, refusal });
  });
}

/** Serves a call whose request another process has received. */
export function serveReceived(call: Call, received: Received): Promise<Outcome | undefined> {
  return toTheClose(call, () => runCall(call, received));
}

async function toTheClose(call: Call, serve: () => Promise<Outcome | undefined>): Promise<Outcome | undefined> {
  const { connection, host, afterwards } = call;
  const outcome = await serve().catch((error: unknown) => giveUp(call, error));
  await connection.close();
  for (const task of afterwards) {
    await task().catch((error: unknown) => host.log('').error(`after the call: ${(error as Error).message}`));
  }
  return outcome;
}

const noProxy: { readonly isProxied: boolean; readonly refusal?: unknown } = { isProxied: false };

/** Whether the peer is a proxy, before a byte of it is looked at: from nobody else a header counts. */
async function lookForProxy({ kind, host, connection }: Call): Promise<{ isProxied: boolean; refusal?: unknown }> {
  const { proxyProtocol } = host.settings.fastagi;
  if (!kind.network) return noProxy;
  try {
    const { isListed } = await import('./peer');
    return { isProxied: isListed(connection.peer(), proxyProtocol, 'proxy_protocol') };
  } catch (refusal) {
    return { isProxied: false, refusal };
  }
}

/** There is no request, and so nobody to report to but the log. */
async function giveUp({ host, connection }: Call, error: unknown): Promise<Outcome> {
  const outcome = outcomeOf(error);
  const from = connection.peer() ?? 'an unknown address';
  host.log('').error(isPeersFault(error) ? `connection from ${from}: ${outcome.reason}` : await inFull(error));
  return error instanceof FastagiError ? outcome : { ...outcome, isDefect: true };
}
