import type { Outcome } from '../../call/outcome';
import { ConfigError, IdentityError } from '../../ground/errors';
import type { ExitStatus } from '../../ground/exit-status';

/** @param failed the status for a script that is missing, refused, broken or threw: the call was reported */
export function exitStatusOf({ status, error, isDefect }: Outcome, failed: ExitStatus): ExitStatus {
  if (status === 'SUCCESS' || status === 'HANGUP') return 0;
  if (error instanceof ConfigError) return 100;
  if (error instanceof IdentityError) return 111;
  return isDefect ? 101 : failed;
}
