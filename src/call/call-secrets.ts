import type { AgiRequest } from '../agi/wire/request';
import { secretValues } from '../config/secrets';
import type { Settings } from '../config/settings';
import { hideNumbers } from '../ground/numbers';
import { createSecrets, type Secrets } from '../ground/secrets';
import type { Outcome } from './outcome';

/** What is secret in a call from its beginning: the settings' secrets, and, if they say so, who calls. */
export function secretsOf(settings: Settings, request: AgiRequest): Secrets {
  const secrets = createSecrets(() => secretValues(settings));
  hideNumbers(secrets, [request['agi_callerid'], request['agi_calleridname'], request['agi_rdnis']], settings.fastagi.numbers);
  return secrets;
}

/** An outcome whose reason may be told. */
export function tellable(outcome: Outcome, { hide }: Secrets): Outcome {
  return outcome.reason === '' ? outcome : { ...outcome, reason: hide(outcome.reason) };
}
