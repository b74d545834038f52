import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Agi, Script } from '../call/agi';
import type { Host } from '../call/host';
import { readInParts } from '../call/long-values';
import { serveCall } from '../call/serve-call';
import { secretValues } from '../config/secrets';
import type { Settings } from '../config/settings';
import { noIni } from '../config/parse-ini';
import { parseSettings } from '../config/parse-settings';
import { FastagiError, ProtocolError, UsageError } from '../ground/errors';
import { createSecrets } from '../ground/secrets';
import { longestCommand } from '../manager/wire/action-text';
import { parseCassette, type Cassette } from '../tape/cassette-text';
import { patchValues } from '../tape/values';
import { isOverManager, memoryConnection } from './memory-connection';
import { hostOf, kindOf } from './own-host';
import { createTapePlayer, type Difference } from './tape-player';

export interface ReplayOptions {
  /** What the script exports by default, or its file; the one that was recorded unless given. */
  readonly script?: Script | string;
  /** Settings, by section and key, as phpagi.conf has them. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A recording, and how a script goes with it. */
export interface Replayed {
  /** How many of the script's lines were as recorded. */
  readonly matched: number;
  readonly difference: Difference | undefined;
}

/** The script behaves otherwise than it did when it was recorded. */
export class ReplayError extends FastagiError {
  readonly difference: Difference;

  constructor(file: string, difference: Difference) {
    super('FASTAGI_REPLAY', `${file}: ${differenceText(difference)}`);
    this.difference = difference;
  }
}

/** What differs, in lines. */
export function differenceText({ line, recorded, came }: Difference): string {
  const was = recorded === undefined ? 'the call was over' : `> ${recorded}`;
  const is = came === undefined ? 'the script ended' : `> ${came}`;
  return `the script behaves otherwise from line ${line} on\n  recorded: ${was}\n  now:      ${is}`;
}

/**
 * Runs a script against the recording of a call: Asterisk says what it said then, and so do Date, Math.random and randomUUID.
 * @returns how many lines the script sent
 * @throws ReplayError at the first line that is another one, that is missing, or that is left over; CassetteError for what is no recording
 * @example
 * await replay('test/wrong-pin.cassette', { script });
 */
export async function replay(file: string, options: ReplayOptions = {}): Promise<number> {
  const settings = parseSettings({ ...noIni, sections: structuredClone(options.config ?? {}) });
  const cassette = readCassette(file);
  const { script = cassette.head.script } = options;
  const path = typeof script === 'string' ? resolve(script) : cassette.head.script;
  const { matched, difference } = await playTape(cassette, settings, path, () =>
    typeof script === 'string' ? importScript(path) : script,
  );
  if (difference) throw new ReplayError(file, difference);
  return matched;
}

/** Throws CassetteError. */
export function readCassette(file: string): Cassette {
  return parseCassette(readFileSync(file, 'latin1'));
}

/** @param path the script's file @param load gives its function */
export async function playTape(cassette: Cassette, settings: Settings, path: string, load: Host['load']): Promise<Replayed> {
  const configured = secretValues(settings);
  const way = {
    send: (bytes: string) => connection.receive(bytes),
    end: (isGivenBack?: boolean) => connection.lose(isGivenBack),
    lose: () => connection.lost(new ProtocolError('FASTAGI_ASYNC_CUT', 'Asterisk cut a reply, as it was recorded')),
  };
  const player = createTapePlayer(cassette, way, configured);
  const connection = memoryConnection(player.environment, player.take, player.over);
  const secrets = () => createSecrets(() => configured, (value) => value); // prettier-ignore
  let broken: { readonly error: unknown } | undefined;
  const loaded: Host['load'] = async (located) => {
    try {
      return await load(located);
    } catch (error) {
      broken = { error };
      throw error;
    }
  };
  const restore = patchValues(() => player.values);
  try {
    const host = hostOf(loaded, settings, secrets);
    const kind = kindOf(cassette.head.name, path, cassette.head.args);
    await serveCall({
      kind: isOverManager(player.environment) ? { ...kind, overManager } : kind,
      host,
      connection,
      begun: Date.now(),
      afterwards: [],
    });
  } finally {
    restore();
  }
  if (broken) throw broken.error;
  return { matched: player.matched, difference: player.difference };
}

/** A call that came over the manager, without one. */
const overManager = { longestLine: longestCommand, adapt: (agi: Agi) => readInParts(agi) };

async function importScript(path: string): Promise<Script> {
  const module = (await import(pathToFileURL(path).href)) as { default?: Script | { default?: Script } };
  const script = typeof module.default === 'object' ? module.default.default : module.default;
  if (typeof script === 'function') return script;
  throw new UsageError(
    'FASTAGI_ARGUMENT_TYPE',
    `replay: ${path} exports no function by default; name the script: replay(file, { script })`,
  );
}
