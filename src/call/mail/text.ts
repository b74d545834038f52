import type { AgiRequest } from '../../agi/wire/request';
import { masked, maskedText } from '../../ground/masking';
import { FastagiError } from '../../ground/errors';
import { oneLine, visible } from '../../ground/visible';
import type { Exchange } from '../../tape/last-lines';
import { shownExchanges } from '../../tape/masking';
import type { Place } from '../../script/source-place';
import type { Outcome } from '../outcome';
import { readableError } from '../readable-error';

/** What a mail on a failed call is made of. */
export interface FailedCall {
  readonly script: string;
  readonly outcome: Outcome;
  readonly request: AgiRequest;
  readonly exchanges: readonly Exchange[];
  /** Takes out what is secret in the call. */
  readonly hide: (text: string) => string;
}

/** A mail on a failed call, without secrets. */
export interface Mail {
  /** What makes two errors the same. */
  readonly kind: string;
  readonly subject: string;
  /** What happened, in a line. */
  readonly summary: string;
  readonly details: string;
}

/**
 * @param basedir below it source maps are read
 * @param hostname what this machine is called
 */
export function mailOf(call: FailedCall, place: Place | undefined, basedir: string, hostname: string): Mail {
  const { script, outcome, request, exchanges, hide } = call;
  const shown = (text: string): string => shownText(hide(text));
  const details = [
    place ? placeText(place) : '',
    outcome.error === undefined ? '' : readableError(outcome.error, basedir),
    `The request:\n\n${pairs(masked({ ...request }) as Record<string, string>)}`,
    exchanges.length > 0 ? `The last lines on the wire (> to Asterisk, < from it):\n\n${shownExchanges(exchanges).join('\n')}` : '',
  ];
  return {
    kind: kindOf(call, place),
    subject: hide(subjectOf(call, place)),
    summary: shown(`${outcome.status} of ${script} on ${hostname}: ${outcome.reason}`),
    details: details
      .filter((part) => part !== '')
      .map(shown)
      .join('\n\n'),
  };
}

function placeText({ file, line, around }: Place): string {
  return around === '' ? `${file}, line ${line}` : `${file}, line ${line}:\n\n${around}`;
}

/** @param heldBack how many mails on the same error were not sent before this one */
export function textOf({ summary, details }: Mail, heldBack: number): string {
  const [mails, were] = heldBack === 1 ? ['mail', 'was'] : ['mails', 'were'];
  const before = heldBack > 0 ? [`${heldBack} further ${mails} on this error ${were} held back since the last one.`] : [];
  return `${[summary, ...before, details].join('\n\n')}\n`;
}

function shownText(text: string): string {
  return text.split('\n').map((line) => visible(maskedText(line))).join('\n'); // prettier-ignore
}

/** As phpagi's: file, line and error. */
function subjectOf({ script, outcome }: FailedCall, place: Place | undefined): string {
  if (!place) return oneLine(`${script}/${outcome.status}: ${outcome.reason}`);
  return oneLine(`${place.file.slice(place.file.lastIndexOf('/') + 1)}/${place.line}/${outcome.reason}`);
}

/** What makes two errors the same, for holding back mails. Whoever asks for scripts that are not there chooses their names. */
function kindOf({ script, outcome: { status, error } }: FailedCall, place: Place | undefined): string {
  if (status === 'NOTFOUND' || status === 'FORBIDDEN') return status;
  const what = error instanceof FastagiError ? error.code : error instanceof Error ? error.name : 'thrown';
  return place ? `${place.file}:${place.line} ${what}` : `${script} ${what}`;
}

function pairs(record: Readonly<Record<string, string>>): string {
  return Object.entries(record).map(([name, value]) => `${name}: ${value}`).join('\n'); // prettier-ignore
}
