import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ownVersion } from '../../ground/own-version';
import type { Secrets } from '../../ground/secrets';
import { entryLine, headLine, type CassetteEntry } from '../../tape/cassette-text';
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
  /** Something happened that is not on the wire. */
  note(text: string): void;
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
    if (length <= longest) entries.push(entry);
  };
  const scribe = createScribe(secrets, () => Math.max(0, now() - begun), told);
  const head = {
    fastagi: ownVersion(),
    asterisk: request['agi_version'] ?? '',
    script,
    sha256: hashOf(script),
    begun: new Date(begun).toISOString(),
  };
  scribe.passed({ direction: '<', bytes: `${environment}\n\n`, isSecret: false });
  return {
    tap: scribe,
    values(kind, real) {
      const value = real();
      scribe.note('=', `${kind} ${value}`);
      return value;
    },
    note: (text) => scribe.note('!', text),
    finish({ status, reason }) {
      scribe.end();
      if (length > longest) scribe.note('!', `(the call is longer than ${longest / 1_000_000} MB, and its rest is not recorded)`);
      scribe.note('.', `${status} ${reason}`.trimEnd());
      const name = `${head.begun.replaceAll(':', '-').replace('Z', '')}-${plain(script.slice(script.lastIndexOf('/') + 1))}-${plain(request['agi_uniqueid'] ?? '')}-${process.pid}`;
      // What was found to be secret later is hidden from the beginning on.
      const lines = entries.map((entry) => entryLine({ ...entry, text: hiddenLine(entry.text, secrets) }));
      return { name, text: headLine(head) + lines.join('') };
    },
  };
}

function hashOf(script: string): string {
  try {
    return createHash('sha256').update(readFileSync(script)).digest('hex');
  } catch {
    return '';
  }
}

function plain(text: string): string {
  return text.replace(/[^\w.+-]/g, '_').slice(0, 80);
}
