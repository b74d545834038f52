import type { CommandLineSettings } from '../../config/read-settings';
import type { Settings } from '../../config/settings';
import { trySettings, type TriedSettings } from '../../config/try-settings';
import type { ExitStatus } from '../../ground/exit-status';
import { assumeIdentity, type Identity } from '../process/identity';
import { forgetSecrets } from '../process/secrets';
import { guardListener, type Stdio } from '../process/stdio';
import { checkOpenFiles } from './open-files';
import { openServiceLog, type OpenedLog } from './open-log';
import { startPorter, type Porter } from './porter';
import { makeStatusDirectory } from './status-socket';
import { runService } from './service';
import { serviceIdentity, verifyThreads } from './service-identity';
import { findSockets, type Addresses } from './sockets';

/** Serves calls on listening sockets, in workers, until a signal ends it. Throws ConfigError and IdentityError while it starts. */
export async function listen(addresses: Addresses, options: CommandLineSettings, views: Views): Promise<ExitStatus> {
  const stdio = guardListener();
  const tried = trySettings(options);
  const { settings } = tried;
  if (views.metrics !== undefined) settings.fastagi.metrics = views.metrics;
  const { identity, porter, opened } = await prepare(addresses, tried, stdio).catch((error: unknown) => {
    // Under xinetd nobody else would learn it.
    if (!stdio.stderrIsRead) openServiceLog(stdio, settings, tried.master, undefined).log.error((error as Error).message);
    throw error;
  });
  if (identity) become(identity, tried);
  return runService({ settings, reread: () => reread(options), porter, opened, agentCheck: views.agentCheck });
}

/** Where figures are given, as the command line has it. */
export interface Views {
  readonly metrics: string | undefined;
  readonly agentCheck: string | undefined;
}

interface Prepared {
  readonly identity: Identity | undefined;
  readonly porter: Porter;
  readonly opened: OpenedLog;
}

/** What may want root. */
async function prepare(addresses: Addresses, { settings, settingsError, master }: TriedSettings, stdio: Stdio): Promise<Prepared> {
  if (settingsError !== undefined) throw settingsError;
  const identity = serviceIdentity(settings, master);
  checkOpenFiles(settings);
  const porter = await startPorter(await findSockets(addresses, process.env));
  if (identity && master === 'root') makeStatusDirectory(settings.fastagi.statusSocket, identity);
  return { identity, porter, opened: openServiceLog(stdio, settings, master, identity) };
}

function become(identity: Identity, tried: TriedSettings): void {
  assumeIdentity(identity);
  verifyThreads(identity);
  forgetSecrets(tried, identity);
}

/** The settings as the file has them now. Throws ConfigError. */
function reread(options: CommandLineSettings): Settings {
  const { settings, settingsError } = trySettings(options);
  if (settingsError !== undefined) throw settingsError;
  checkOpenFiles(settings);
  return settings;
}
