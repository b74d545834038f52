import type { Settings } from '../config/settings';
import { assumeIdentity, chooseIdentity, confirmIdentity, isRefusal, type Identity } from '../script/identity';
import type { LocatedScript } from '../script/locate';
import { guardModules } from '../script/module-guard';
import type { HandedCall } from './handed-call';
import { checkPeer, plainAddress } from './peer';
import type { Call } from './call';
import type { Connection } from './connection';
import { hasTerminal } from './stdio';
import { forgetSecrets } from './secrets';
import type { ReceivedRequest } from './receive-request';

/** Whether a script may run here. */
export type Decision =
  | { readonly kind: 'admitted'; readonly script: LocatedScript }
  | { readonly kind: 'refused'; readonly error: unknown };

export type Admission =
  | Decision
  /** A process that is started under this identity serves the call: this Node refuses to change users, or this process has a terminal. */
  | { readonly kind: 'elsewhere'; readonly script: LocatedScript; readonly identity: Identity };

/** Refuses strangers, finds the script, and becomes whom it runs as. */
export async function admit(call: Call, { request, proxied, problem }: ReceivedRequest): Promise<Admission> {
  const { kind, settings, settingsError, master, log } = call;
  let script: LocatedScript | undefined;
  let identity: Identity | undefined;
  try {
    if (settingsError) throw settingsError;
    refuseStrangers(call, proxied);
    if (problem) throw problem;
    script = kind.locate(request, settings.fastagi.basedir);
    identity = chooseIdentity(script, settings.fastagi, master);
    if (identity?.reason !== undefined) log.warn(identity.reason);
    if (identity?.uid === 0) guardModules();
    else if (identity) {
      log.become(identity);
      if (isMailed(settings)) (await import('./mail-before')).prepareMails(call, identity);
      // Whoever has root's terminal can type into root's shell.
      if (!kind.network && hasTerminal()) return { kind: 'elsewhere', script, identity };
      assumeIdentity(identity);
      forgetSecrets(call, identity);
    }
    return { kind: 'admitted', script };
  } catch (error) {
    if (script && identity && isRefusal(error)) return { kind: 'elsewhere', script, identity };
    return { kind: 'refused', error };
  }
}

/** The second start decides nothing anew, and makes sure of who it is. */
export function resume({ script, identity }: HandedCall): Decision {
  try {
    confirmIdentity(identity);
    return { kind: 'admitted', script };
  } catch (error) {
    return { kind: 'refused', error };
  }
}

function refuseStrangers({ kind, connection, settings }: Call, proxied: string | undefined): void {
  const { allow } = settings.fastagi;
  if (kind.network && allow.length > 0) checkPeer(proxied === undefined ? peerOf(connection) : plainAddress(proxied), allow);
}

/** Who is at the other end. xinetd and systemd say it in the environment, which is cheaper than asking the socket. */
export function peerOf(connection: Connection): string | undefined {
  const told = process.env['REMOTE_HOST'] ?? process.env['REMOTE_ADDR'] ?? connection.remoteAddress();
  return told === undefined ? undefined : plainAddress(told);
}

/** Whether failed calls are mailed. */
export function isMailed({ phpagi }: Settings): boolean {
  return phpagi.errorHandler && phpagi.admin !== undefined;
}
