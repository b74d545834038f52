import { spawn } from 'node:child_process';
import type { CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import type { TriedSettings } from '../../config/try-settings';
import { handedVariables, takeHanded } from '../process/handed';
import { wholeSettings } from '../process/handed-settings';
import { confirmIdentity, type Identity } from '../process/identity';
import { secondCommand, standIn } from '../process/second-process';
import { settingsFor } from '../process/secrets';
import { hasTerminal, type Stdio } from '../process/stdio';
import { continuedLog, type LogPlace, type OpenedLog } from '../process/open-log';
import { startPorter, type Porter } from './porter';
import { verifyThreads } from './service-identity';

/** A service that a second start goes on with, as the user that it is to be. Its sockets are the descriptors from 3 on. */
interface HandedService {
  readonly settings: Settings;
  readonly identity: Identity;
  readonly sockets: number;
  /** Whether the first start opened them. */
  readonly isOwn: boolean;
  readonly log: LogPlace;
}

/** What a service that is about to serve has. */
export interface Prepared {
  readonly settings: Settings;
  readonly identity: Identity | undefined;
  readonly porter: Porter;
  readonly opened: OpenedLog;
}

const firstSocket = 3;

/**
 * Starts this program once more as the user that it is to be, with the sockets and the log that root has opened: for a Node that refuses to
 * change users, and for a process with a terminal, which the user must not get. Gives its exit status. Throws IdentityError.
 */
export async function startAgain({ porter, opened }: Prepared, identity: Identity, tried: TriedSettings): Promise<number> {
  const [setpriv = '', ...args] = secondCommand(identity);
  const { listening, isOwn } = porter;
  const handed: HandedService = {
    settings: settingsFor(tried, identity),
    identity,
    sockets: listening.length,
    isOwn,
    log: opened.place,
  };
  // Without this process nobody would have its signals.
  const child = spawn(setpriv, ['--pdeathsig', 'TERM', ...args], {
    stdio: ['ignore', 1, 2, ...listening.map(({ fd }) => fd)],
    env: { ...process.env, ...handedVariables('SERVICE', handed) },
    // A session of its own has no terminal.
    detached: hasTerminal(),
  });
  await porter.close();
  return standIn(child);
}

/** What this process was started for, if it is such a second start. Throws IdentityError. */
export async function takeService(stdio: Stdio, options: CommandLineSettings): Promise<Prepared | undefined> {
  const handed = takeHanded('SERVICE') as HandedService | undefined;
  if (!handed) return undefined;
  const { identity, sockets, isOwn, log } = handed;
  confirmIdentity(identity);
  verifyThreads(identity);
  const sources = Array.from({ length: sockets }, (_, index) => ({ fd: firstSocket + index }));
  const porter = await startPorter(sources, isOwn);
  return { settings: wholeSettings(handed.settings, options), identity, porter, opened: continuedLog(log, stdio, 'root', identity) };
}
