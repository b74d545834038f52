import { requestArguments } from '../../agi/wire/request';
import { createCallAgi, type Agi, type AsteriskManager, type Script } from '../../call/agi';
import { attempt } from '../../call/attempt';
import { secretsOf, tellable } from '../../call/call-secrets';
import { createEnding } from '../../call/ending';
import { logEnd, logFailure } from '../../call/log-end';
import { isFailure, success } from '../../call/outcome';
import { reportOutcome } from '../../call/report';
import { runScript } from '../../call/run-script';
import type { Settings } from '../../config/settings';
import { hiding, labelled, type Log } from '../../ground/log';
import type { AsyncCall } from './channel-wire';

/** What the calls of one manager share. */
export interface AsyncCallService {
  readonly settings: Settings;
  readonly log: Log;
  readonly openManager: () => Promise<AsteriskManager>;
}

/** Serves one call that came over the manager, from AsyncAGIStart until the dialplan has the channel again. */
export async function serveAsyncCall(script: Script, call: AsyncCall, { settings, log, openManager }: AsyncCallService): Promise<void> {
  const { channel, request, environment, longestLine } = call;
  const begun = performance.now();
  const name = 'agi:async';
  const secrets = secretsOf(settings, request);
  const own = hiding(labelled(log, secrets.hide(`${request['agi_channel'] ?? 'unknown channel'} ${name}`)), secrets);
  const agi = createCallAgi({
    channel, request, environment, longestLine, openManager, secrets,
    args: requestArguments(request),
    config: settings,
    audio: () => undefined,
    async release() {
      if (channel.ended) return;
      await agi.asyncAgiBreak();
      channel.release();
    },
    log: own,
  }); // prettier-ignore
  call.keepStoring(agi);
  const { asyncAgiBreak } = agi;
  // A script that gives the call back itself has done what it wanted.
  agi.asyncAgiBreak = async () => {
    await agi.setVariable('FASTAGISTATUS', 'SUCCESS');
    await forgetReason(agi);
    await asyncAgiBreak();
  };
  // Nothing but its own end ends a script here: the process is the user's.
  const ending = createEnding(settings.fastagi.hangupGrace, own);
  const outcome = tellable(await attempt(ending, async () => () => runScript(script, { agi, channel, ending })), secrets);
  const end = { outcome, ms: performance.now() - begun, commands: call.commands };
  if (isFailure(outcome)) await logFailure(own, settings, end);
  else logEnd(own, settings, end);
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
