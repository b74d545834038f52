import { ConfigError, FastagiError, IdentityError } from '../ground/errors';
import type { Outcome } from './outcome';

/** 0; 1: a classic AGI script failed; 100: the operator's mistake; 101: a defect of ours; 111: the system's. */
export type ExitStatus = 0 | 1 | 100 | 101 | 111;

/** @param failed the status for a script that is missing, refused, broken or threw: the call was reported */
export function exitStatusOf({ status, error }: Outcome, failed: ExitStatus): ExitStatus {
  if (status === 'SUCCESS' || status === 'HANGUP') return 0;
  if (error instanceof ConfigError) return 100;
  if (error instanceof IdentityError) return 111;
  return failed;
}

/** The status for an error outside every call. */
export function exitStatusOfError(error: unknown): ExitStatus {
  if (error instanceof ConfigError) return 100;
  return error instanceof FastagiError ? 111 : 101;
}
