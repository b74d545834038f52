import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { program } from '../../support/super-server';
import { writeConfiguration, type Parts } from './configuration';
import { consoleCommand } from './console';
import { type LogView, logSinceNow } from './log-file';
import { startPrivately } from './private-process';
import { createRunDirectory } from './run-directory';
import { until } from './waiting';

export const project = resolve(import.meta.dirname, '../../..');

/** A private Asterisk of one test file. */
export interface Asterisk {
  /** The directory of this run; it has the same path inside and outside of Asterisk's root. */
  readonly run: string;
  /** Asterisk's console from now on. */
  log(): LogView;
  /** Runs a command on the console and gives its output. */
  rx(command: string): Promise<string>;
  /**
   * A call: the caller's half runs `caller` of the dialplan once the other half has answered, the other half
   * runs `extension` (of the context `default` unless one is named: `extension@context`) at once.
   */
  originate(extension: string, caller?: string): Promise<void>;
  /** The caller of every call hangs up. */
  hangUp(): Promise<void>;
  /** Waits until no channel is left. */
  idle(): Promise<void>;
  /** Ends Asterisk without a goodbye, and starts it again when `meanwhile` is done. */
  restart(meanwhile?: () => Promise<void>): Promise<void>;
}

/**
 * What the caller's half of a call does: stay; press 5 again and again; press keys after two seconds (`keys12#`) and
 * stay; or speak.
 */
const callers = `
[callers]
exten => wait,1,Wait(120)
exten => press5,1,Wait(0.7)
 same => n,SendDTMF(5)
 same => n,Goto(press5,1)
exten => speak,1,Playback(demo-congrats)
 same => n,Wait(120)
exten => _keys.,1,Wait(2)
 same => n,SendDTMF(\${EXTEN:4})
 same => n,Wait(120)
`;

const cache = process.env['FASTAGI_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fastagi-tests');

/** Each Asterisk that is tested, and the release of Debian that has it. */
const releases = { 22: { release: 'sid', root: join(cache, 'asterisk-root') }, 16: { release: 'bullseye', root: join(cache, 'asterisk-16-root') } }; // prettier-ignore

/** Which of them these tests run on: vitest.asterisk.config.mts runs them on both. */
export const version: keyof typeof releases = process.env['FASTAGI_TEST_ASTERISK'] === '16' ? 16 : 22;
const { release, root } = releases[version];

/** What this Asterisk's own documentation says, as XML. */
export const documentation = (): string => readFileSync(join(root, 'usr/share/asterisk/documentation/core-en_US.xml'), 'utf8');

/** Builds the root once, some minutes on a fresh machine; at once where it is there. */
async function buildRoot(): Promise<void> {
  if (existsSync(root)) return;
  console.warn(`building ${root} for the tests with a real Asterisk: a few minutes, once`);
  await promisify(execFile)(join(import.meta.dirname, 'build-root.sh'), [root, release], { maxBuffer: 1 << 26 });
}

/** Starts Asterisk with this dialplan. It ends with `stop`, and with this process at the latest. */
export async function startAsterisk(dialplan: string, parts: Parts = {}): Promise<Asterisk & { stop(): Promise<void> }> {
  await buildRoot();
  const directory = createRunDirectory('asterisk');
  const run = directory.path;
  writeConfiguration(run, root, `${dialplan}\n${callers}`, parts);
  const script = join(import.meta.dirname, 'start-asterisk.sh');
  const start = () => startPrivately([script, root, run, project, process.execPath, program], `${run}/log/output`, parts.network);
  let child = start();

  const stop = async () => {
    await child.stop();
    directory.remove();
  };
  const rx = (command: string) => consoleCommand(`${run}/run/asterisk.ctl`, command);
  const booted = async () => {
    const messages = logSinceNow(`${run}/log/output`);
    await until(
      'Asterisk to start',
      async () => {
        if (!child.running()) throw new Error(`Asterisk ended:\n${messages.text()}`);
        const answer = await rx('core waitfullybooted').catch(() => '');
        return answer.includes('fully booted') ? true : undefined;
      },
      60,
      messages.text,
    );
  };
  try {
    await booted();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    run,
    log: () => logSinceNow(`${run}/log/full`),
    rx,
    async originate(extension, caller = 'wait') {
      const place = extension.includes('@') ? extension : `${extension}@default`;
      await rx(`channel originate Local/${place} extension ${caller}@callers`);
    },
    async hangUp() {
      const channels = await rx('core show channels concise');
      for (const [caller] of channels.matchAll(/^Local\/[^!]*;1(?=!)/gm)) await rx(`channel request hangup ${caller}`);
    },
    async idle() {
      await until('the end of all calls', async () =>
        (await rx('core show channels count')).startsWith('0 active channels') ? true : undefined,
      );
    },
    async restart(meanwhile) {
      await child.stop();
      await meanwhile?.();
      child = start();
      await booted();
    },
    stop,
  };
}

/** One Asterisk for the tests of a `describe`, with this dialplan. Each test ends with the end of its calls. */
export function useAsterisk(dialplan: () => string, parts: () => Parts = () => ({})): Asterisk {
  let current: (Asterisk & { stop(): Promise<void> }) | undefined;
  const get = () => {
    if (current === undefined) throw new Error('Asterisk runs only within the tests');
    return current;
  };
  // The first run builds the root.
  beforeAll(async () => {
    current = await startAsterisk(dialplan(), parts());
  }, 900_000);
  afterEach(async () => {
    await current?.hangUp();
    await current?.idle();
  }, 30_000);
  afterAll(async () => {
    await current?.stop();
  }, 30_000);
  return {
    get run() {
      return get().run;
    },
    log: () => get().log(),
    rx: (command) => get().rx(command),
    originate: (extension, caller) => get().originate(extension, caller),
    hangUp: () => get().hangUp(),
    idle: () => get().idle(),
    restart: (meanwhile) => get().restart(meanwhile),
  };
}
