import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HangupError } from '../../ground/errors';
import { ownVersion } from '../../ground/own-version';
import type { Secrets } from '../../ground/secrets';
import { placeOf } from '../../script/source-place';
import { cassetteName, entryLine, headLine, type CassetteEntry, type CassetteHead } from '../../tape/cassette-text';
import { hiddenLine } from '../../tape/masking';
import { createScribe } from '../../tape/scribe';
import type { Tap } from '../../tape/tap';
import type { ValueSource } from '../../tape/values';
import type { Call } from '../call';
import type { Outcome } from '../outcome';
import type { Received } from '../receive-request';

/** What is written down of a call. */
export interface Recording {
  readonly tap: Tap;
  /** The values of the script's world, which are written down, too. */
  readonly values: ValueSource;
  /** The call is over: all of it as a text, a byte a character, and a name for it. @param basedir below it sources are read */
  finish(outcome: Outcome, basedir: string): { readonly name: string; readonly text: string };
}

/** The world's own: this is loaded before the first call is given anything else. */
const { now } = Date;

/** In characters: a longer call is recorded as far as that. */
const longest = 8_000_000;

/** @param script the script's file */
export function createRecording({ kind, begun }: Call, { environment, request }: Received, script: string, secrets: Secrets): Recording {
  const entries: CassetteEntry[] = [];
  let length = 0;
  const told = (entry: CassetteEntry): void => {
    length += entry.text.length + 13;
    if (length <= longest || entry.kind === '.') entries.push(entry);
  };
  const scribe = createScribe(secrets, () => Math.max(0, now() - begun), told);
  const head = headOf({ kind, begun }, request, script, secrets);
  scribe.passed({ direction: '<', bytes: `${environment}\n\n`, isSecret: false });
  return {
    tap: scribe,
    values(kind, real) {
      const value = real();
      scribe.note('=', `${kind} ${value}`);
      return value;
    },
    finish({ status, reason, error }, basedir) {
      scribe.end();
      for (const line of placeLines(error, basedir)) scribe.note('!', line);
      const cut = length > longest ? ` (the call is longer than ${longest / 1_000_000} MB, and not recorded to its end)` : '';
      scribe.note('.', `${status} ${reason}`.trimEnd() + cut);
      // What was found to be secret later is hidden from the beginning on.
      const lines = entries.map((entry) => entryLine({ ...entry, text: hiddenLine(entry.text, secrets) }));
      return { name: cassetteName(head, request['agi_uniqueid'] ?? '', process.pid), text: headLine(head) + lines.join('') };
    },
  };
}

/** Where a script failed, a line each, a byte a character. @param basedir below it sources are read */
export function placeLines(error: unknown, basedir: string): string[] {
  const place = error === undefined || error instanceof HangupError ? undefined : placeOf(error, basedir);
  if (!place) return [];
  const lines = [`at ${place.file}, line ${place.line}`, ...place.around.split('\n')];
  return lines.filter((line) => line !== '').map((line) => Buffer.from(line).toString('latin1'));
}

/** What a recording is of. @param script the script's file */
export function headOf(
  { kind, begun }: Pick<Call, 'kind' | 'begun'>,
  request: Received['request'],
  script: string,
  { hide }: Secrets,
): CassetteHead {
  return {
    fastagi: ownVersion(),
    asterisk: request['agi_version'] ?? '',
    script,
    name: hide(kind.nameOf(request)),
    ...(kind.args && { args: kind.args.map(hide) }),
    sha256: hashOf(script),
    begun: new Date(begun).toISOString(),
  };
}

/** What a script's file is known by; empty if it cannot be read. */
export function hashOf(script: string): string {
  try {
    return createHash('sha256').update(readFileSync(script)).digest('hex');
  } catch {
    return '';
  }
}
