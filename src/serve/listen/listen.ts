import type { CommandLineSettings } from '../../config/read-settings';
import { trySettings, type TriedSettings } from '../../config/try-settings';
import type { ExitStatus } from '../../ground/exit-status';
import { onSignals } from '../process/events';
import { assumeIdentity, type Identity } from '../process/identity';
import { forgetSecrets } from '../process/secrets';
import { guardListener } from '../process/stdio';
import { openServiceLog } from './open-log';
import { checkOpenFiles } from './open-files';
import { createPool, type Pool } from './pool';
import { startPorter } from './porter';
import type { Listening } from './porter-messages';
import { openScoreboard } from './scoreboard';
import { serviceIdentity, verifyThreads } from './service-identity';
import { findSockets, type Addresses } from './sockets';

/** Serves calls on listening sockets, in workers, until a signal ends it. Throws ConfigError and IdentityError while it starts. */
export async function listen(addresses: Addresses, options: CommandLineSettings): Promise<ExitStatus> {
  const stdio = guardListener();
  const tried = trySettings(options);
  const { settings, master } = tried;
  try {
    if (tried.settingsError !== undefined) throw tried.settingsError;
    const identity = serviceIdentity(settings, master);
    checkOpenFiles(settings);
    const porter = await startPorter(await findSockets(addresses, process.env));
    porter.limit(settings.fastagi.maxCalls);
    const opened = openServiceLog(stdio, settings, master, identity);
    if (identity) become(identity, tried);
    const regions = mostWorkers(settings.fastagi.workers);
    const board = openScoreboard(settings.phpagi.tempdir, regions);
    const pool = createPool({ settings, listening: porter.listening, board, regions, style: opened.style, log: opened.log });
    await pool.ready();
    opened.log.info(`ready: ${porter.listening.map(addressText).join(', ')}`);
    return await untilEnd(pool);
  } catch (error) {
    // Under xinetd nobody else would learn it.
    if (!stdio.stderrIsRead) openServiceLog(stdio, settings, master, undefined).log.error((error as Error).message);
    throw error;
  }
}

function become(identity: Identity, tried: TriedSettings): void {
  assumeIdentity(identity);
  verifyThreads(identity);
  forgetSecrets(tried, identity);
}

function addressText({ address, port }: Listening): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Those that only finish their calls are counted, too. */
function mostWorkers(workers: number): number {
  return 3 * (workers || process.getBuiltinModule('node:os').availableParallelism()) + 4;
}

function untilEnd(pool: Pool): Promise<ExitStatus> {
  return new Promise((resolve) => {
    onSignals(['SIGTERM', 'SIGINT'], () => void pool.retire().then(() => resolve(0)));
  });
}
