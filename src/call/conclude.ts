import { logEnd, logFailure, type CallEnded } from './log-end';
import { isFailure, type Outcome } from './outcome';
import { reportOutcome } from './report';
import type { Run } from './run';

/** Reports what a call came to: to the log, to the dialplan, and by mail. */
export async function conclude({ call, received, name, agi, channel, log, lines, secrets }: Run, outcome: Outcome): Promise<void> {
  const { host, begun, afterwards } = call;
  const end: CallEnded = { outcome, ms: Date.now() - begun, commands: lines.commands };
  // A failure is told first, as telling Asterisk may take its time; of a success the caller need not wait for the line.
  if (isFailure(outcome)) await logFailure(log, host.settings, end);
  else afterwards.unshift(async () => logEnd(log, host.settings, end));
  const { mail } = host;
  if (mail && isFailure(outcome)) {
    const failed = { script: name, outcome, request: received.request, exchanges: [...lines.last], hide: secrets.hide };
    afterwards.push(() => mail(failed, log));
  }
  if (channel.ended) return;
  // A script that was ended in the middle of a command: it would keep the report waiting, and a line behind it interrupts it.
  if (channel.underWay.length > 0) channel.fail(new Error('the script is over'));
  await reportOutcome(agi, channel, name, outcome, call.kind.overManager !== undefined);
}
