import type { Agi } from '../agi/agi';
import type { Channel } from '../agi/channel';
import type { Settings } from '../config/settings';
import { HangupError } from '../ground/errors';
import { inFull, type Outcome } from './outcome';

type Reporter = Agi<Settings>;

/** In ms: Asterisk answers these at once, and a peer that does not must not hold the process. */
const patience = 5000;
const patienceWithStrangers = 2000;
/** In ms: a sound that the caller listens to. */
const longestPlayback = 60_000;

/**
 * Tells the dialplan and the console what the call came to, and sends the caller on where the settings say so.
 * A hangup is no error: only the variables tell of it. A stranger learns no reason.
 */
export async function reportOutcome(agi: Reporter, channel: Channel, script: string, outcome: Outcome): Promise<void> {
  const { phpagi, fastagi } = agi.config;
  const status = () => agi.setVariable('FASTAGISTATUS', outcome.status);
  if (isStranger(outcome)) return void (await take(agi, status, patienceWithStrangers));
  const steps: [step: () => unknown, ms: number][] = [
    [() => channel.recover(), patience],
    [status, patience],
    [() => tellReason(agi, script, outcome), patience],
    [() => (phpagi.debug && outcome.error ? agi.verbose(inFull(outcome.error)) : undefined), patience],
    [() => (isFailure(outcome) && fastagi.errorPlayback ? agi.streamFile(fastagi.errorPlayback) : undefined), longestPlayback],
    [() => (isFailure(outcome) && fastagi.errorGoto ? goTo(agi, fastagi.errorGoto) : undefined), patience],
  ];
  for (const [step, ms] of steps) if (!(await take(agi, step, ms))) return;
}

/** Whether a step was taken, or failed by itself: the caller must not lose the others. */
async function take({ log }: Reporter, step: () => unknown, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  try {
    if ((await Promise.race([step(), late])) !== 'late') return true;
    log.error(`while reporting: Asterisk did not answer within ${ms / 1000} s, and the connection is closed`);
    return false;
  } catch (error) {
    if (!(error instanceof HangupError)) log.error(`while reporting: ${(error as Error).message}`);
    return true;
  } finally {
    clearTimeout(timer);
  }
}

async function tellReason(agi: Reporter, script: string, { status, reason }: Outcome): Promise<void> {
  if (status === 'SUCCESS') return;
  await agi.setVariable('FASTAGIERROR', reason);
  if (status !== 'HANGUP') await agi.verbose(`fastagi: ${script}: ${reason}`, 1);
}

async function goTo(agi: Reporter, place: NonNullable<Settings['fastagi']['errorGoto']>): Promise<void> {
  await agi.setContext(place.context);
  await agi.setExtension(place.extension);
  await agi.setPriority(place.priority);
}

function isFailure({ status }: Outcome): boolean {
  return status !== 'SUCCESS' && status !== 'HANGUP';
}

function isStranger({ error }: Outcome): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'FASTAGI_PEER_REFUSED';
}
