import { createTwoFilesPatch, OMIT_HEADERS } from 'diff';
import type { Change, Effect } from './change';
import { withLines } from './lines';

/** A change as a diff, a line each; nothing for one that changes nothing. */
export function changeLines(change: Change, effect: Effect): string[] {
  if (effect.what === 'nothing') return [];
  if (change.kind === 'directory') return [`new directory ${change.path} (${permissions(change)})`];
  if (change.kind === 'link')
    return [`${effect.what === 'replaces' ? `changed link (was ${effect.before})` : 'new link'} ${change.path} -> ${change.target}`];
  if (change.kind === 'line')
    return [`changed file ${change.path}`, ...diff(effect.before, withLines(effect.before, change.line, change.below))];
  return [
    effect.what === 'adds' ? `new file ${change.path} (${permissions(change)})` : `changed file ${change.path}`,
    ...diff(effect.before, change.text),
  ];
}

function permissions({ mode, owner }: Extract<Change, { mode: number }>): string {
  return `${owner.user ?? 'root'}:${owner.group ?? 'root'}, mode ${mode.toString(8).padStart(4, '0')}`;
}

function diff(before: string, after: string): string[] {
  return createTwoFilesPatch('', '', before, after, undefined, undefined, { headerOptions: OMIT_HEADERS })
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '\\ No newline at end of file');
}
