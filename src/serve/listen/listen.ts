import { accessSync, constants } from 'node:fs';
import type { CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { trySettings, type TriedSettings } from '../../config/try-settings';
import { IdentityError } from '../../ground/errors';
import type { ExitStatus } from '../../ground/exit-status';
import { ownFiles } from '../../ground/own-command';
import { assumeIdentity, refusesToChangeUsers, type Identity } from '../process/identity';
import { forgetSecrets } from '../process/secrets';
import { guardListener, hasTerminal, type Stdio } from '../process/stdio';
import { endWithFirst, mustLeaveInput, startOffInput } from './off-input';
import { checkOpenFiles } from './open-files';
import { openServiceLog } from '../process/open-log';
import { startPorter } from './porter';
import { makeStatusDirectory } from './status-socket';
import { startAgain, takeService, type Prepared } from './second-start';
import { runService } from './service';
import { serviceIdentity, verifyThreads } from './service-identity';
import { findSockets, type Addresses } from './sockets';

/** Serves calls on listening sockets, in workers, until a signal ends it. Throws ConfigError and IdentityError while it starts. */
export async function listen(addresses: Addresses, options: CommandLineSettings, views: Views): Promise<ExitStatus> {
  const stdio = guardListener();
  endWithFirst();
  const handed = await takeService(stdio, options);
  if (handed) return run(handed, options, views);
  if (mustLeaveInput()) return (await startOffInput()) as ExitStatus;
  const tried = trySettings(options);
  const prepared = await prepare(addresses, tried, stdio).catch((error: unknown) => {
    // Under xinetd nobody else would learn it.
    if (!stdio.stderrIsRead) openServiceLog(stdio, tried.settings, tried.master, undefined).log.error((error as Error).message);
    throw error;
  });
  const { identity } = prepared;
  if (identity && (refusesToChangeUsers() || hasTerminal())) return (await startAgain(prepared, identity, tried)) as ExitStatus;
  if (identity) become(identity, tried);
  checkMayStart();
  return run(prepared, options, views);
}

/** Where figures are given, as the command line has it. */
export interface Views {
  readonly metrics: string | undefined;
  readonly agentCheck: string | undefined;
}

/** What may want root. */
async function prepare(addresses: Addresses, { settings, settingsError, master }: TriedSettings, stdio: Stdio): Promise<Prepared> {
  if (settingsError !== undefined) throw settingsError;
  const identity = serviceIdentity(settings, master);
  checkOpenFiles(settings);
  const sockets = await findSockets(addresses, process.env);
  const porter = await startPorter(
    sockets,
    sockets.some((socket) => !('fd' in socket)),
  );
  if (identity && master === 'root') makeStatusDirectory(settings.fastagi.statusSocket, identity);
  return { settings, identity, porter, opened: openServiceLog(stdio, settings, master, identity) };
}

function become(identity: Identity, tried: TriedSettings): void {
  assumeIdentity(identity);
  verifyThreads(identity);
  forgetSecrets(tried, identity);
}

function run({ settings, porter, opened }: Prepared, options: CommandLineSettings, { metrics, agentCheck }: Views): Promise<ExitStatus> {
  if (metrics !== undefined) settings.fastagi.metrics = metrics;
  return runService({ settings, reread: () => reread(options), porter, opened, agentCheck });
}

/** Workers are started by whom this process has become, who may have less rights. Throws IdentityError. */
function checkMayStart(): void {
  const needed: [path: string, mode: number, what: string][] = [
    [process.execPath, constants.X_OK, 'run'],
    ...ownFiles().map((file): [string, number, string] => [file, constants.R_OK, 'read']),
  ];
  for (const [path, mode, what] of needed) {
    try {
      accessSync(path, mode);
    } catch {
      throw new IdentityError(
        'FASTAGI_IDENTITY',
        `user ${process.geteuid?.()} may not ${what} ${path}, and could start no worker: install it where everybody may, as in /usr/local`,
      );
    }
  }
}

/** The settings as the file has them now. Throws ConfigError. */
function reread(options: CommandLineSettings): Settings {
  const { settings, settingsError } = trySettings(options);
  if (settingsError !== undefined) throw settingsError;
  checkOpenFiles(settings);
  return settings;
}
