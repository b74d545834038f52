import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ownVersion } from '../../ground/own-version';
import type { Secrets } from '../../ground/secrets';
import { cassetteName, entryLine, headLine, type CassetteEntry, type CassetteHead } from '../../tape/cassette-text';
import { hiddenLine } from '../../tape/masking';
import { createScribe } from '../../tape/scribe';
import type { Tap } from '../../tape/tap';
import type { ValueSource } from '../../tape/values';
import type { Outcome } from '../outcome';
import type { Received } from '../receive-request';

/** What is written down of a call. */
export interface Recording {
  readonly tap: Tap;
  /** The values of the script's world, which are written down, too. */
  readonly values: ValueSource;
  /** The call is over: all of it as a text, a byte a character, and a name for it. */
  finish(outcome: Outcome): { readonly name: string; readonly text: string };
}

/** The world's own: this is loaded before the first call is given anything else. */
const { now } = Date;

/** In characters: a longer call is recorded as far as that. */
const longest = 8_000_000;

/** @param script the script's file @param begun in ms since 1970 */
export function createRecording({ environment, request }: Received, script: string, begun: number, secrets: Secrets): Recording {
  const entries: CassetteEntry[] = [];
  let length = 0;
  const told = (entry: CassetteEntry): void => {
    length += entry.text.length + 13;
    if (length <= longest || entry.kind === '.') entries.push(entry);
  };
  const scribe = createScribe(secrets, () => Math.max(0, now() - begun), told);
  const head = headOf(request, script, begun);
  scribe.passed({ direction: '<', bytes: `${environment}\n\n`, isSecret: false });
  return {
    tap: scribe,
    values(kind, real) {
      const value = real();
      scribe.note('=', `${kind} ${value}`);
      return value;
    },
    finish({ status, reason }) {
      scribe.end();
      const cut = length > longest ? ` (the call is longer than ${longest / 1_000_000} MB, and not recorded to its end)` : '';
      scribe.note('.', `${status} ${reason}`.trimEnd() + cut);
      // What was found to be secret later is hidden from the beginning on.
      const lines = entries.map((entry) => entryLine({ ...entry, text: hiddenLine(entry.text, secrets) }));
      return { name: cassetteName(head, request['agi_uniqueid'] ?? '', process.pid), text: headLine(head) + lines.join('') };
    },
  };
}

/** What a recording is of. @param begun in ms since 1970 */
export function headOf(request: Received['request'], script: string, begun: number): CassetteHead {
  return {
    fastagi: ownVersion(),
    asterisk: request['agi_version'] ?? '',
    script,
    sha256: hashOf(script),
    begun: new Date(begun).toISOString(),
  };
}

function hashOf(script: string): string {
  try {
    return createHash('sha256').update(readFileSync(script)).digest('hex');
  } catch {
    return '';
  }
}
