import type { Commands } from '../agi/agi';
import type { Channel } from '../agi/channel';
import type { Settings } from '../config/settings';
import { HangupError } from '../ground/errors';
import { mended } from '../ground/visible';
import { inFull } from './log-end';
import { isFailure, type Outcome } from './outcome';

type Reporter = Commands<Settings>;

/** In ms: Asterisk answers these at once, and a peer that does not must not hold the process. */
const patience = 5000;
const patienceWithStrangers = 2000;
/** In ms: a sound that the caller listens to. */
const longestPlayback = 60_000;

/**
 * Tells the dialplan and the console what the call came to, and sends the caller on where the settings say so.
 * A hangup is no error: only the variables tell of it. A stranger learns no reason.
 * @param hasReason whether the dialplan has been given one that is no longer true
 */
export async function reportOutcome(agi: Reporter, channel: Channel, script: string, outcome: Outcome, hasReason = false): Promise<void> {
  const { phpagi, fastagi } = agi.config;
  const status = () => agi.setVariable('FASTAGISTATUS', outcome.status);
  if (isStranger(outcome)) return void (await take(agi, status, patienceWithStrangers));
  if (channel.failure && !(await take(agi, () => channel.recover(), patience))) return;
  const isTold = await take(agi, status, patience);
  if (isTold && hasReason && outcome.status === 'SUCCESS') await take(agi, () => agi.setVariable('FASTAGIERROR', ''), patience);
  if (!isTold || outcome.status === 'SUCCESS') return;
  const steps: [step: () => Promise<unknown>, ms: number][] = [[() => tellReason(agi, script, outcome), patience]];
  if (phpagi.debug && outcome.error) steps.push([() => tellInFull(agi, outcome.error), patience]);
  const { errorPlayback, errorGoto } = fastagi;
  if (errorPlayback !== undefined && isFailure(outcome)) steps.push([() => agi.streamFile(errorPlayback), longestPlayback]);
  if (errorGoto && isFailure(outcome)) steps.push([() => goTo(agi, errorGoto), patience]);
  for (const [step, ms] of steps) if (!(await take(agi, step, ms))) return;
}

/** Whether a step was taken, or failed by itself: the caller must not lose the others. */
function take({ log }: Reporter, step: () => Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      log.error(`while reporting: Asterisk did not answer within ${ms / 1000} s, and the connection is closed`);
      resolve(false);
    }, ms);
    const taken = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    step().then(taken, (error: unknown) => {
      if (!(error instanceof HangupError)) log.error(`while reporting: ${(error as Error).message}`);
      taken();
    });
  });
}

async function tellReason(agi: Reporter, script: string, { status, reason }: Outcome): Promise<void> {
  await agi.setVariable('FASTAGIERROR', reason);
  if (status !== 'HANGUP') await agi.verbose(`fastagi: ${script}: ${reason}`, 1);
}

/** For whoever looks at the console in debug mode. */
async function tellInFull(agi: Reporter, error: unknown): Promise<void> {
  await agi.verbose(mended(await inFull(error, agi.config.fastagi.basedir)));
}

async function goTo(agi: Reporter, destination: NonNullable<Settings['fastagi']['errorGoto']>): Promise<void> {
  await agi.setContext(destination.context);
  await agi.setExtension(destination.extension);
  await agi.setPriority(destination.priority);
}

function isStranger({ error }: Outcome): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'FASTAGI_PEER_REFUSED';
}
