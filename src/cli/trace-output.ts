import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../ground/visible';
import { cassetteName, entryLine, headLine, type CassetteEntry } from '../tape/cassette-text';
import { ladderHead, ladderLine, type LadderStep } from '../tape/ladder';
import type { TracedCall } from '../tape/trace-text';
import { tapePage } from './tape-page';

/** How calls are shown. */
export type TraceForm = 'ladder' | 'text' | 'json';

export interface TraceOutput {
  /** A call begins, or is seen from now on. */
  begin(call: TracedCall): ShownCall;
  /** Settles when nothing more is to be shown. */
  readonly enough: Promise<void>;
}

interface ShownCall {
  entry(entry: CassetteEntry): void;
  /** So many lines were not sent. */
  dropped(lines: number): void;
  end(): void;
}

export function createTraceOutput(
  { form, record, html }: { readonly form: TraceForm; readonly record: string | undefined; readonly html: string | undefined },
  say: (line: string) => void,
): TraceOutput {
  let last: TracedCall | undefined;
  let told: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => (told = resolve));
  const title = (call: TracedCall): void => {
    if (last === call) return;
    last = call;
    say(visible(`── ${call.channel} ${call.script} from ${call.peer}, process ${call.pid}`));
  };
  const show = (call: TracedCall, entry: CassetteEntry): void => {
    const { channel, script, peer, pid } = call;
    if (form === 'json') return say(JSON.stringify({ channel, script, peer, pid, ...entry }));
    if (form === 'text') return say(visible(`${channel} ${script} ${(entry.at / 1000).toFixed(3)} ${entry.kind} ${entry.text}`));
    title(call);
    say(visible(ladderLine(stepOf(entry))));
  };
  return {
    enough,
    begin(call) {
      const entries: CassetteEntry[] = [];
      let at = 0;
      let state: 'request' | 'talk' = 'request';
      if (form === 'ladder') {
        if (last === undefined) say(ladderHead);
        title(call);
      }
      const file =
        record === undefined ? undefined : openFile(join(record, `${cassetteName(call.head, call.channel, call.pid)}.cassette`), say);
      const write = (text: string): void => void (file !== undefined && writeSync(file, Buffer.from(text, 'latin1')));
      write(headLine(call.head));
      return {
        entry(entry) {
          at = entry.at;
          if (html !== undefined) entries.push(entry);
          write(entryLine(entry));
          // The request stands in the title as far as most want it.
          if (state === 'talk' || form !== 'ladder') show(call, entry);
          if (entry.kind === '<' && entry.text === '') state = 'talk';
        },
        dropped(lines) {
          const entry = { at, kind: '!' as const, text: `(${lines} lines were dropped, as they came faster than they were shown)` };
          write(entryLine(entry));
          show(call, entry);
        },
        end() {
          if (file !== undefined) closeSync(file);
          if (html === undefined) return;
          writeFileSync(html, tapePage({ head: call.head, entries }));
          told();
        },
      };
    },
  };
}

function stepOf({ at, kind, text }: CassetteEntry): LadderStep {
  if (kind === '>') return { at, who: 'script', text };
  return kind === '<' ? { at, who: 'asterisk', text } : { at, who: 'note', text: kind === '.' ? `(${text})` : text };
}

/** A call that cannot be recorded is shown all the same. */
function openFile(path: string, say: (line: string) => void): number | undefined {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    say(`! not recorded: ${(error as Error).message}`);
    return undefined;
  }
}
