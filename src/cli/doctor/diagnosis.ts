import type { Ini } from '../../config/parse-ini';
import type { Settings } from '../../config/settings';
import type { Found } from '../check/found';
import type { Service } from '../services/finding';
import type { Start } from '../start';
import type { Account } from './account';

/** What one check found: in order, worth a look, or in the way of calls. What is wrong names the command that mends it. */
export interface Result {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly text: string;
}

/** What checks look at. */
export interface Patient {
  readonly settings: Settings;
  readonly ini: Ini;
  /** The configuration's file. */
  readonly file: string;
  readonly master: 'root' | number;
  readonly start: Start;
  readonly services: readonly Service[];
  /** Asterisk's manager; connected when it is first asked for. */
  account(): Promise<Account>;
  /** Whether a mail is to be sent. */
  readonly sendsMail: boolean;
}

/** One thing that `fastagi doctor` looks at. */
export interface Check {
  /** For `--only`. */
  readonly name: string;
  run(patient: Patient): Promise<readonly Result[]> | readonly Result[];
}

export function ok(text: string): Result {
  return { state: 'ok', text };
}

export function warning(text: string): Result {
  return { state: 'warning', text };
}

export function wrong(text: string): Result {
  return { state: 'wrong', text };
}

/** What was found, or that all is in order. */
export function resultsOf({ problems, warnings }: Found, fine: string): Result[] {
  const results = [...problems.map(wrong), ...warnings.map(warning)];
  return results.length > 0 ? results : [ok(fine)];
}
