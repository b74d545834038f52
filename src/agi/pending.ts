import type { Command } from './channel-types';
import type { Reply } from './wire/reply';
import type { Awaiting } from './wire/reply-reader';

/** A command that is to be answered. */
export interface Pending {
  readonly command: Command;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: unknown) => void;
  awaiting: Awaiting;
  /** The command's own reply, where a probe follows it. */
  reply?: Reply;
  interrupted: boolean;
  /** The answers to probes that were sent in vain, or too early. */
  readonly early: string[];
  /** Whether the time of a reply of several lines runs. */
  isWatched?: true;
  stopListening: () => void;
}

/** @param settled how whoever gave the command learns what came of it */
export function pendingOf(command: Command, awaiting: Awaiting, settled: Pick<Pending, 'resolve' | 'reject'>): Pending {
  return { command, awaiting, ...settled, interrupted: false, early: [], stopListening: () => undefined };
}

/** From now on this is called when the command's signal fires, and nothing else. */
export function listen(pending: Pending, aborted: () => void): void {
  pending.stopListening();
  const { signal } = pending.command;
  signal?.addEventListener('abort', aborted);
  pending.stopListening = () => signal?.removeEventListener('abort', aborted);
}
