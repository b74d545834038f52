import { attempt } from './attempt';
import { admit } from './admit';
import type { Call } from './call';
import { tellable } from './call-secrets';
import { conclude } from './conclude';
import { load } from './load';
import type { Outcome } from './outcome';
import type { Received } from './receive-request';
import { beginRun } from './run';
import { showInDebugMode } from './show';

/** From a request to an outcome, which is reported then; undefined if another process has the call. */
export async function runCall(call: Call, received: Received): Promise<Outcome | undefined> {
  const admission = await admit(call, received);
  if (admission.kind === 'elsewhere') return undefined;
  const run = beginRun(call, received);
  return call.host.contain(run, async () => {
    const came = await attempt(run.ending, async () => {
      if (admission.kind === 'refused') throw admission.error;
      await showInDebugMode(run.agi);
      return load(run, admission.script);
    });
    const outcome = tellable(came, run.secrets);
    await conclude(run, outcome);
    return outcome;
  });
}
