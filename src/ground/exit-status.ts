import { ConfigError, FastagiError, ScriptError, UsageError } from './errors';

/** 0; 1: a classic AGI script failed; 100: the operator's mistake; 101: a defect of ours; 111: the system's. */
export type ExitStatus = 0 | 1 | 100 | 101 | 111;

/** The status for an error outside every call. */
export function exitStatusOfError(error: unknown): ExitStatus {
  if (error instanceof ConfigError || error instanceof ScriptError || error instanceof UsageError) return 100;
  return error instanceof FastagiError ? 111 : 101;
}
