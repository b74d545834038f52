import type { Agi } from '../agi/agi';
import type { Settings } from '../config/settings';
import { HangupError } from '../ground/errors';
import { inFull, type Outcome } from './outcome';

/**
 * Tells the dialplan and the console what the call came to, and sends the caller on where the settings say so.
 * A hangup is no error: only the variables tell of it.
 */
export async function reportOutcome(agi: Agi<Settings>, script: string, outcome: Outcome): Promise<void> {
  const { phpagi, fastagi } = agi.config;
  for (const step of [
    () => agi.setVariable('FASTAGISTATUS', outcome.status),
    () => tellReason(agi, script, outcome),
    () => (phpagi.debug && outcome.error ? agi.verbose(inFull(outcome.error)) : undefined),
    () => (isFailure(outcome) && fastagi.errorPlayback ? agi.streamFile(fastagi.errorPlayback) : undefined),
    () => (isFailure(outcome) && fastagi.errorGoto ? goTo(agi, fastagi.errorGoto) : undefined),
  ]) {
    try {
      await step();
    } catch (error) {
      // Each step may fail by itself; the caller must not lose the others.
      if (!(error instanceof HangupError)) agi.log.error(`while reporting: ${(error as Error).message}`);
    }
  }
}

async function tellReason(agi: Agi<Settings>, script: string, { status, reason }: Outcome): Promise<void> {
  if (status === 'SUCCESS') return;
  await agi.setVariable('FASTAGIERROR', reason);
  if (status !== 'HANGUP') await agi.verbose(`fastagi: ${script}: ${reason}`, 1);
}

async function goTo(agi: Agi<Settings>, place: NonNullable<Settings['fastagi']['errorGoto']>): Promise<void> {
  await agi.setContext(place.context);
  await agi.setExtension(place.extension);
  await agi.setPriority(place.priority);
}

function isFailure({ status }: Outcome): boolean {
  return status !== 'SUCCESS' && status !== 'HANGUP';
}
