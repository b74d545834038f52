import { statSync } from 'node:fs';
import { hasSecrets } from '../../config/secrets';
import { prepareCommand, runtimeName } from '../../ground/runtime';
import type { Settings } from '../../config/settings';
import { printFinding, type Service } from '../services/finding';
import { lookAtListening } from '../doctor/service-checks';
import type { Start } from '../start';
import { problem, together, warning, type Found } from './found';

/** Who could have written the file, and who may read it. */
export function lookAtConfiguration(settings: Settings, file: string, master: 'root' | number): Found {
  const warnings: string[] = [];
  if (master !== 'root') {
    warnings.push(
      `user ${master} could have written ${file}: its calls become that user and nobody, and no other; chown root the file and its directories for more`,
    );
  }
  if (isSecretOpen(settings, file)) warnings.push(`everybody may read ${file}, which holds a secret; chmod o-r ${file}`);
  return warning(...warnings);
}

export function lookAtStart({ isPrepared }: Start): Found {
  if (isPrepared) return together();
  return warning(`the start of calls is not prepared for ${runtimeName()}, and takes some ms longer; prepare it: ${prepareCommand()}`);
}

/** The files of xinetd, inetd and systemd, and whether these do what the files say. */
export function lookAtServices(services: readonly Service[]): Found {
  const isOffered = services.some((service) => service.isOffered);
  const listening = isOffered ? lookAtListening({ services }).filter(({ state }) => state !== 'ok') : [];
  return together(
    warning(...listening.map(({ text }) => text)),
    ...services.flatMap(({ findings }) =>
      findings.map((finding) => (finding.level === 'error' ? problem(printFinding(finding)) : warning(printFinding(finding)))),
    ),
  );
}

/** Whether what only one should know can be read by all. */
function isSecretOpen(settings: Settings, file: string): boolean {
  return hasSecrets(settings) && (statSync(file).mode & 0o004) !== 0;
}
