import { rmdirSync, rmSync } from 'node:fs';

/** The users as which the tests' calls fail. */
const users = [0, 1, 48_911, 48_912, 61_001, 61_002, 65_534];

/** Where root has the mails on errors of a user's scripts counted. */
export const countsOf = (uid: number): string => `/var/lib/fastagi/mails-${uid}`;

/** Forgets the mails that were counted for a user. */
export function forgetCounts(uid: number): void {
  rmSync(countsOf(uid), { recursive: true, force: true });
}

function forgetAll(): void {
  if (process.getuid?.() !== 0) return;
  for (const uid of users) {
    forgetCounts(uid);
    rmSync(`/tmp/fastagi-mails-${uid}`, { recursive: true, force: true });
  }
  try {
    rmdirSync('/var/lib/fastagi');
  } catch {
    // There was none, or this machine's own calls have theirs in it.
  }
}

/** Before all tests: nothing that an earlier run left holds back a mail. */
export const setup = forgetAll;
/** Behind them: nothing is left. */
export const teardown = forgetAll;
