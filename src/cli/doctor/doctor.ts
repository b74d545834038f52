import { defaultFile, type CommandLineSettings } from '../../config/read-settings';
import { maskedText } from '../../ground/masking';
import { readOrExplain } from '../check/read';
import { findServices } from '../services/services';
import type { CommandEnd, Start } from '../start';
import { openAccount, type Account } from './account';
import { asteriskChecks } from './asterisk-checks';
import { callCheck } from './call-check';
import { wrong, type Check, type Patient, type Result } from './diagnosis';
import { otherChecks } from './other-checks';
import { ownChecks } from './own-checks';
import { queueCheck } from './queue-check';
import { serviceChecks } from './service-checks';

export interface DoctorOptions {
  /** As JSON. */
  readonly json: boolean;
  /** The checks to run; all unless given. */
  readonly only: readonly string[];
  /** Sends a mail, too. */
  readonly mail: boolean;
}

const checks: readonly Check[] = [...ownChecks, ...serviceChecks, queueCheck, callCheck, ...asteriskChecks, ...otherChecks];

const marks = { ok: '✓', warning: '!', wrong: '✗' };

/** `fastagi doctor`: looks at everything that a call needs. The status is 0 if nothing is wrong. */
export async function doctor(
  settings: CommandLineSettings,
  { json, only, mail }: DoctorOptions,
  start: Start,
  say: (line: string) => void,
): Promise<CommandEnd> {
  const unknown = only.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined)
    return { status: 100, err: [`fastagi: ${unknown} is no check; there are ${checks.map(({ name }) => name).join(', ')}`] };
  const chosen = checks.filter(({ name }) => only.length === 0 || only.includes(name));
  const found: (Result & { readonly name: string })[] = [];
  const width = Math.max(...checks.map(({ name }) => name.length));
  const tell = (name: string, results: readonly Result[]): void => {
    for (const { state, text } of results) {
      found.push({ name, state, text: maskedText(text) });
      if (!json) say(`${marks[state]} ${name.padEnd(width)}  ${maskedText(text)}`);
    }
  };
  const read = readOrExplain(settings);
  if ('problems' in read) tell('configuration', read.problems.map(wrong));
  else {
    let account: Promise<Account> | undefined;
    const patient: Patient = {
      ...read,
      file: settings.config ?? defaultFile,
      start,
      services: findServices(),
      account: () => (account ??= openAccount(read.settings)),
      sendsMail: mail,
    };
    for (const check of chosen) tell(check.name, await runCheck(check, patient));
    const opened = await account;
    if (opened && 'manager' in opened) await opened.manager.close();
  }
  const isOk = !found.some(({ state }) => state === 'wrong');
  if (json) return { status: isOk ? 0 : 100, out: [JSON.stringify({ ok: isOk, checks: found }, undefined, 2)] };
  for (const line of ['', summary(found)]) say(line);
  return { status: isOk ? 0 : 100 };
}

/** A check that fails itself is one that found something. */
async function runCheck(check: Check, patient: Patient): Promise<readonly Result[]> {
  try {
    return await check.run(patient);
  } catch (error) {
    return [wrong(`it could not be looked at: ${(error as Error).message}`)];
  }
}

function summary(found: readonly Result[]): string {
  const count = (state: Result['state']): number => found.filter((result) => result.state === state).length;
  const [bad, noted] = [count('wrong'), count('warning')];
  if (bad + noted === 0) return 'All is in order.';
  const parts = [bad > 0 ? `${bad} in the way of calls (${marks.wrong})` : '', noted > 0 ? `${noted} worth a look (${marks.warning})` : ''];
  return `${parts.filter((part) => part !== '').join(', ')}; the rest is in order.`;
}
