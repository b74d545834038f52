import { attempt } from './attempt';
import { admit, type Admission } from './admit';
import type { Secrets } from '../ground/secrets';
import type { Call } from './call';
import { secretsOf, tellable } from './call-secrets';
import { conclude } from './conclude';
import { load } from './load';
import type { Outcome } from './outcome';
import type { Recording } from './record/recording';
import type { Received } from './receive-request';
import { beginRun, type Run } from './run';
import { letWatch } from './watched';
import { showInDebugMode } from './show';

/** From a request to an outcome, which is reported then; undefined if another process has the call. */
export async function runCall(call: Call, received: Received): Promise<Outcome | undefined> {
  const admission = await admit(call, received);
  if (admission.kind === 'elsewhere') return undefined;
  const secrets = call.host.secrets?.() ?? secretsOf(call.host.settings, received.request);
  const recording = await record(call, received, admission, secrets);
  const run = beginRun(call, received, secrets, recording);
  const watched = letWatch(run, admission.kind === 'here' ? admission.script.path : '');
  return call.host.contain(run, async () => {
    const came = await attempt(run.ending, async () => {
      if (admission.kind === 'refused') throw admission.error;
      await showInDebugMode(run.agi);
      return load(run, admission.script);
    });
    const outcome = tellable(came, secrets);
    await conclude(run, outcome);
    call.afterwards.push(() => watched(outcome));
    if (recording) call.afterwards.push(async () => keep(recording, outcome, run));
    return outcome;
  });
}

/** What writes a call down, if the settings say so. A call of which that cannot be had is served all the same. */
async function record(call: Call, received: Received, admission: Admission, secrets: Secrets): Promise<Recording | undefined> {
  if (call.host.settings.fastagi.record === undefined || admission.kind !== 'here') return undefined;
  try {
    const { createRecording } = await import('./record/recording');
    return createRecording(call, received, admission.script.path, secrets);
  } catch (error) {
    call.host.log('').warn(`the call is not recorded: ${(error as Error).message}`);
    return undefined;
  }
}

/** A call that cannot be written down was served all the same. */
async function keep(recording: Recording, outcome: Outcome, { call, log }: Run): Promise<void> {
  const { whyNot, writeCassette } = await import('./record/cassette-files');
  const { settings } = call.host;
  try {
    const { name, text } = recording.finish(outcome, settings.fastagi.basedir);
    writeCassette(settings, name, text);
  } catch (error) {
    log.warn(`the call is not recorded: ${whyNot(error, settings.fastagi.record ?? '')}`);
  }
}
