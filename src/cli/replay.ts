import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type CommandLineSettings } from '../config/read-settings';
import { ConfigError } from '../ground/errors';
import { ownCommand } from '../ground/own-command';
import { visible } from '../ground/visible';
import { extensionOf } from '../script/extension';
import { loadScript } from '../script/load';
import { scriptExtensions } from '../script/locate';
import type { Script } from '../call/agi';
import { hashOf } from '../call/record/recording';
import { differenceText, playTape, readCassette } from '../testing/replay';
import type { CommandEnd } from './start';
import { tapePage } from './tape-page';

export interface ReplayOptions {
  /** Another file than the one that was recorded. */
  readonly script: string | undefined;
  /** A file for the recorded call as a page. */
  readonly html: string | undefined;
}

/** `fastagi replay`: runs a script against recordings, and says from which line on it behaves otherwise. */
export async function replay(path: string, options: ReplayOptions, settings: CommandLineSettings): Promise<CommandEnd> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) throw new ConfigError('FASTAGI_REPLAY_TARGET', `replay: ${path} is not there; name a recording, or a directory of recordings`);
  if (!stat.isDirectory()) return replayOne(path, options, settings);
  if (options.html !== undefined)
    throw new ConfigError('FASTAGI_REPLAY_TARGET', `replay: --html draws one recording, and ${path} is a directory`);
  return replayAll(path, options.script, settings);
}

async function replayOne(file: string, { script, html }: ReplayOptions, options: CommandLineSettings): Promise<CommandEnd> {
  const cassette = readCassette(file);
  const path = script === undefined ? cassette.head.script : resolve(script);
  if (!scriptExtensions.includes(extensionOf(path)))
    throw new ConfigError(
      'FASTAGI_REPLAY_TARGET',
      `replay: ${path} is no JavaScript; only scripts can be replayed, not programs in other languages`,
    );
  const load = () => loadScript(path) as Script | Promise<Script>; // prettier-ignore
  const { matched, difference } = await playTape(cassette, readSettings(options), path, load);
  const changed =
    hashOf(path) === cassette.head.sha256 || cassette.head.sha256 === '' ? '' : ` (${path} has changed since, or is another script)`;
  if (html !== undefined) writeFileSync(html, tapePage(cassette, difference));
  if (!difference) return { status: 0, out: [`✓ ${file}: as recorded, ${matched} lines${changed}`] };
  return { status: 1, out: `✗ ${file}:${changed} ${differenceText(difference)}`.split('\n').map(visible) };
}

/** Each in a process of its own, as each call has one. */
function replayAll(directory: string, script: string | undefined, { config }: CommandLineSettings): CommandEnd {
  const files = cassettesIn(directory);
  if (files.length === 0) throw new ConfigError('FASTAGI_REPLAY_TARGET', `replay: there is no recording, *.cassette, in ${directory}`);
  const options = [...(script === undefined ? [] : ['--script', script]), ...(config === undefined ? [] : ['--config', config])];
  const [program, ...own] = ownCommand();
  const ends = files.map((file) => {
    const { status, stdout, stderr } = spawnSync(program, [...own, 'replay', file, ...options], { encoding: 'utf8' });
    return { isSame: status === 0, lines: (stdout + stderr).trimEnd().split('\n') };
  });
  const same = ends.filter(({ isSame }) => isSame).length;
  const out = [...ends.flatMap(({ lines }) => lines), `${same} as recorded, ${ends.length - same} otherwise`];
  return { status: same === ends.length ? 0 : 1, out };
}

/** The recordings in a directory, those of each user, the oldest first. */
export function cassettesIn(directory: string): string[] {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.cassette'));
  return names.toSorted().map((name) => join(directory, name));
}
