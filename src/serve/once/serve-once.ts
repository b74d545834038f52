import { serveCall, serveReceived } from '../../call/serve-call';
import type { Call } from '../../call/call';
import type { CallKind } from '../../call/kind';
import { inFull } from '../../call/log-end';
import type { Outcome } from '../../call/outcome';
import { receivedOf } from '../../call/receive-request';
import type { CommandLineSettings } from '../../config/read-settings';
import { ConfigError } from '../../ground/errors';
import type { ExitStatus } from '../../ground/exit-status';
import { oneCall } from '../process/current-call';
import { catchExit } from '../process/exit';
import { begin } from './begin';
import { exitStatusOf } from './exit-status';
import { takeHanded } from '../process/handed';
import type { HandedCall } from './handed-call';
import { createHost } from './host';
import type { Once, Parts } from './once';

/** How the process should end. */
export interface CallEnd {
  readonly status: ExitStatus;
  /** Whether a thread still waits for bytes, so that only a signal ends the process at once. */
  readonly blocked: boolean;
}

/** Serves one call on the descriptors of this process, from the first byte to the close. */
export async function serveOnce(kind: CallKind, options: CommandLineSettings, parts: Parts): Promise<CallEnd> {
  const handed = takeHanded('CALL') as HandedCall | undefined;
  const once = handed ? (await import('./second-start-call')).takeOver(handed, options, parts) : begin(options, parts);
  const { connection, log, begun } = once;
  const current = oneCall();
  parts.cleanConsole(() => current.get()?.log ?? log);
  const restoreExit = catchExit(current);
  const host = createHost(once, kind, handed, current, parts.openManager);
  const outcome = await serve({ kind, host, connection, begun, afterwards: [] }, handed);
  const status = host.elsewhere ?? (await statusOf(outcome, kind, once));
  log.finish();
  restoreExit();
  return { status, blocked: connection.isBlocked };
}

function serve(call: Call, handed: HandedCall | undefined): Promise<Outcome | undefined> {
  if (!handed) return serveCall(call);
  const { script, proxied } = handed;
  // What the first start has found is not looked for again: who could have exchanged it by now must gain nothing.
  return serveReceived({ ...call, kind: { ...call.kind, locate: () => script } }, receivedOf(handed, proxied));
}

async function statusOf(outcome: Outcome | undefined, { network }: CallKind, { log }: Once): Promise<ExitStatus> {
  if (outcome) return exitStatusOf(outcome, network ? 0 : 1);
  // Somebody looked whether the port is open.
  if (network) return 0;
  log.error(await inFull(noEnvironment()));
  return 100;
}

/** For whoever starts a script of classic AGI by hand. */
export function noEnvironment(): ConfigError {
  const message = 'there is no AGI environment on standard input: Asterisk starts this; to look at settings and scripts try: fastagi check';
  return new ConfigError('FASTAGI_NO_ENVIRONMENT', message);
}
