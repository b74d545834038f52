import { requestArguments } from '../agi/wire/request';
import type { Settings } from '../config/settings';
import type { Log } from '../ground/log';
import type { AsyncCall } from '../manager/async-agi';
import { createCallAgi, type Agi, type AsteriskManager } from './call-agi';
import { logEnd, logFailure } from './log-end';
import { isFailure, outcomeOf, success, type Outcome } from './outcome';
import { reportOutcome } from './report';
import { throwIfHungUp } from './run-script';

/** What the calls of one manager share. */
export interface AsyncCallService {
  readonly settings: Settings;
  readonly log: Log;
  readonly openManager: () => Promise<AsteriskManager>;
}

/** Serves one call that came over the manager, from AsyncAGIStart until the dialplan has the channel again. */
export async function serveAsyncCall(
  script: (agi: Agi) => unknown,
  call: AsyncCall,
  { settings, log, openManager }: AsyncCallService,
): Promise<void> {
  const { channel, request, environment, longestLine } = call;
  const begun = performance.now();
  const name = 'agi:async';
  const labelled = label(log, `${request['agi_channel'] ?? 'unknown channel'} ${name}`);
  const agi = createCallAgi({
    channel, request, environment, longestLine, openManager,
    args: requestArguments(request),
    config: settings,
    audio: () => undefined,
    async release() {
      if (channel.ended) return;
      await agi.asyncAgiBreak();
      channel.release();
    },
    log: labelled,
  }); // prettier-ignore
  const { asyncAgiBreak } = agi;
  // A script that gives the call back itself has done what it wanted.
  agi.asyncAgiBreak = async () => {
    await agi.setVariable('FASTAGISTATUS', 'SUCCESS');
    await forgetReason(agi);
    await asyncAgiBreak();
  };
  let outcome: Outcome = success;
  try {
    await script(agi);
    throwIfHungUp(channel);
  } catch (error) {
    outcome = outcomeOf(error);
  }
  const end = { outcome, ms: performance.now() - begun, commands: call.commands };
  if (isFailure(outcome)) await logFailure(labelled, settings, end);
  else logEnd(labelled, settings, end);
  if (channel.ended) return;
  if (outcome === success) await forgetReason(agi).catch(() => undefined);
  await reportOutcome(agi, channel, name, outcome);
  await asyncAgiBreak().catch(() => undefined);
  channel.end();
}

/** After a hangup nothing can be told, so the reason for that was there from the beginning. */
async function forgetReason(agi: Agi): Promise<void> {
  await agi.setVariable('FASTAGIERROR', '');
}

function label(log: Log, text: string): Log {
  return {
    info: (line) => log.info(`${text}: ${line}`),
    warn: (line) => log.warn(`${text}: ${line}`),
    error: (line) => log.error(`${text}: ${line}`),
  };
}
