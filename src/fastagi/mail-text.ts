import type { AgiRequest } from '../agi/request';
import { masked } from '../config/masked';
import { FastagiError } from '../ground/errors';
import { oneLine, visible } from '../ground/visible';
import type { Place } from './mail-place';
import { inFull, type Outcome } from './outcome';

/** A text in source code that is given to something with a telling name. */
const secretLiteral = /((?:secret|pass|pwd|token|credential|api_?key)\w*['"`]?\s*[,:=]+\s*)(['"`]).*?\2/gi;

/** Commands whose results are keys that the caller pressed. */
const keyed = /^> (?:GET DATA|GET OPTION|WAIT FOR DIGIT|STREAM FILE|CONTROL STREAM FILE|RECORD FILE|RECEIVE|SAY|SPEECH|EXEC)\b/;

/** What a mail on a failed call is made of. */
export interface FailedCall {
  readonly script: string;
  readonly outcome: Outcome;
  readonly request: AgiRequest;
  readonly exchanges: readonly string[];
  readonly host: string;
}

/** As phpagi's: file, line and error. */
export function subjectOf({ script, outcome }: FailedCall, place: Place | undefined): string {
  if (!place) return oneLine(`${script}/${outcome.status}: ${outcome.reason}`);
  return oneLine(`${place.file.slice(place.file.lastIndexOf('/') + 1)}/${place.line}/${outcome.reason}`);
}

/** @param heldBack how many mails on the same error were not sent before this one */
export function bodyOf(call: FailedCall, place: Place | undefined, heldBack: number): string {
  const { script, outcome, request, exchanges, host } = call;
  const parts = [
    `${outcome.status} of ${script} on ${host}: ${outcome.reason}`,
    heldBack > 0
      ? `${heldBack} further ${heldBack === 1 ? 'mail' : 'mails'} on this error ${heldBack === 1 ? 'was' : 'were'} held back since the last one.`
      : '',
    place ? `${place.file}, line ${place.line}:\n\n${place.around.replace(secretLiteral, '$1$2****$2')}` : '',
    outcome.error === undefined ? '' : inFull(outcome.error),
    `The request:\n\n${pairs(masked({ ...request }) as Record<string, string>)}`,
    exchanges.length > 0 ? `The last lines on the wire (> to Asterisk, < from it):\n\n${hidden(exchanges).join('\n')}` : '',
  ];
  return parts.filter((part) => part !== '').map((part) => part.split('\n').map((line) => visible(masked(line) as string)).join('\n')).join('\n\n') + '\n'; // prettier-ignore
}

/** What makes two errors the same, for holding back mails. Whoever asks for scripts that are not there chooses their names. */
export function kindOf({ script, outcome: { status, error } }: FailedCall, place: Place | undefined): string {
  if (status === 'NOTFOUND' || status === 'FORBIDDEN') return status;
  const what = error instanceof FastagiError ? error.code : error instanceof Error ? error.name : 'thrown';
  return place ? `${place.file}:${place.line} ${what}` : `${script} ${what}`;
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record).map(([name, value]) => `${name}: ${value}`).join('\n'); // prettier-ignore
}

/** Without what callers keyed in, and without the values of variables with telling names. */
function hidden(lines: readonly string[]): string[] {
  let asked = '';
  return lines.map((line) => {
    if (line.startsWith('> ')) {
      asked = line;
      return line.trimEnd().replace(/^(> [A-Z ]+"[^"]*(?:secret|pass|pwd|pin|token|credential|key)[^"]*")( .*)$/i, '$1 ****');
    }
    const isKeyed = keyed.test(asked);
    return line
      .trimEnd()
      .replaceAll('\n', '\n< ')
      .replace(/(result=)(?!0(?:\s|$))[\d*#]+/, isKeyed ? '$1****' : '$&');
  });
}
