import type { Reply } from './reply';

/** A key's ASCII code as the wire has it -> the key, `'5'`; undefined where no key was pressed. */
export function keyOf(reply: Reply): string | undefined {
  const code = Number(reply.result);
  // Codes from 1000 on say that the manager stopped a playback.
  return code > 0 && code < 128 ? String.fromCharCode(code) : undefined;
}

/** Where a playback or recording ended, in samples (8 a millisecond at 8 kHz). */
export function endposOf(reply: Reply): number {
  return Number(reply.fields['endpos'] ?? 0);
}
