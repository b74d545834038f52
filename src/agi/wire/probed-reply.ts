import { traitsOf } from './command-table';
import { parseForeign, parseReply, type Reply } from './reply';
import type { Awaiting } from './reply-reader';

/** A command that a probe followed. */
interface Probed {
  readonly command: { readonly words: string };
  readonly awaiting: Awaiting;
  readonly interrupted: boolean;
  /** The answers to probes before the last one. */
  readonly early: readonly string[];
}

/** What the command itself had answered: undefined where the interruption left it without a reply. @param before what came before the probe's answer */
export function probedReply({ command: { words }, awaiting, interrupted, early }: Probed, before: string): Reply | undefined {
  if (awaiting.kind === 'probe' && awaiting.isValue) return parseForeign(before, traitsOf(words).holds === 'speech');
  const final = withoutProvisional(before.split('\n').filter((line) => !early.includes(line)).join('\n')); // prettier-ignore
  const own = /^\d{3}/.test(final) ? parseReply(final, false) : undefined;
  // An interrupted WAIT FOR DIGIT answers 1, which is no key.
  return interrupted && words === 'WAIT FOR DIGIT' && own?.result === '1' ? undefined : own;
}

/** What a GOSUB says before it runs is no reply. */
function withoutProvisional(lines: string): string {
  let rest = lines;
  while (/^1\d\d[ -]/.test(rest)) rest = rest.includes('\n') ? rest.slice(rest.indexOf('\n') + 1) : '';
  return rest;
}
