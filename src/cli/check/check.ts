import { statSync } from 'node:fs';
import type { Ini } from '../../config/parse-ini';
import { defaultFile, fileOf, readIni, settingsIn, type CommandLineSettings } from '../../config/read-settings';
import { hasSecrets } from '../../config/secrets';
import type { Settings } from '../../config/settings';
import type { ExitStatus } from '../../ground/exit-status';
import { lookAtFile } from '../../config/try-settings';
import { ConfigError } from '../../ground/errors';
import { checkScripts, type ScriptCheck } from './scripts';
import { linkWarnings } from './link';
import { settingsProblems, userWarnings } from './settings';
import { findScripts } from './find-scripts';
import { printable, scriptLines, settingsLines } from './print';
import { printFinding } from '../services/finding';
import { findServices } from '../services/services';
import type { CommandEnd, Start } from '../start';

/** `fastagi check`: what needs attention, the settings and where each was set, and each script. The status is 0 if calls can be served. */
export async function check(options: CommandLineSettings, how: Start): Promise<CommandEnd> {
  const read = readOrExplain(options);
  if ('problems' in read) return { status: 100, out: read.problems.map(printable) };
  const { settings, master, ini } = read;
  const { basedir } = settings.fastagi;
  const { problems, warnings } = settingsProblems(settings, ini, master);
  warnings.push(...startWarnings(settings, options.config ?? defaultFile, master, how));
  const findings = findServices().flatMap((service) => service.findings);
  problems.push(...findings.filter(({ level }) => level === 'error').map(printFinding));
  warnings.push(...findings.filter(({ level }) => level === 'warning').map(printFinding));
  const found = findScripts(basedir);
  const checked = await checkScripts(found.scripts, settings.fastagi, master);
  const broken = checked.filter(({ status }) => status !== 0);
  problems.push(...found.problems);
  const statuses = [problems.length > 0 ? 100 : 0, ...checked.map(({ status }) => status)];
  if (broken.length > 0) problems.push(`${count(broken.length, 'script')} cannot be served, see below: ${namesOf(broken)}`);
  const noted = checked.filter(({ notes }) => notes.length > 0);
  warnings.push(...found.warnings, ...linkWarnings(basedir), ...userWarnings(new Set(checked.flatMap(({ uid }) => uid ?? [])), settings));
  if (noted.length > 0) warnings.push(`there is a warning on ${count(noted.length, 'script')}, see below: ${namesOf(noted)}`);

  const lines = [
    ...problems.map((line) => `error: ${line}`),
    ...warnings.map((line) => `warning: ${line}`),
    ...(problems.length + warnings.length > 0 ? [''] : []),
    `Configuration: ${ini.file === '' ? `${defaultFile} (not there: defaults)` : ini.file}`,
    ...settingsLines(settings, ini, options),
    '',
    `Scripts below ${basedir}: ${checked.length}`,
    ...scriptLines(checked),
    '',
    summary(problems.length, warnings.length, checked.length - broken.length),
  ];
  return { status: Math.max(...statuses) as ExitStatus, out: lines.map(printable) };
}

interface ReadSettings {
  readonly settings: Settings;
  readonly master: 'root' | number;
  readonly ini: Ini;
}

function readOrExplain(options: CommandLineSettings): ReadSettings | { readonly problems: readonly string[] } {
  try {
    const { master } = lookAtFile(fileOf(options.config));
    const ini = readIni(options.config);
    return { settings: settingsIn(ini, options), master, ini };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.message.split('\n');
    const summary = `${count(lines.length, 'error')}: no script is run until the configuration is mended.`;
    return { problems: [...lines.map((line) => `error: ${line}`), '', summary] };
  }
}

function startWarnings(settings: Settings, file: string, master: 'root' | number, { isPrepared }: Start): string[] {
  const warnings: string[] = [];
  if (master !== 'root') {
    warnings.push(
      `user ${master} could have written ${file}: its calls become that user and nobody, and no other; chown root the file and its directories for more`,
    );
  }
  if (isSecretOpen(settings, file)) warnings.push(`everybody may read ${file}, which holds a secret; chmod o-r ${file}`);
  if (!isPrepared) {
    warnings.push(`the start of calls is not prepared for Node ${process.version}, and takes some ms longer; prepare it: fastagi prepare`);
  }
  return warnings;
}

/** Whether what only one should know can be read by all. */
function isSecretOpen(settings: Settings, file: string): boolean {
  return hasSecrets(settings) && (statSync(file).mode & 0o004) !== 0;
}

function namesOf(scripts: readonly ScriptCheck[]): string {
  const names = scripts.slice(0, 5).map(({ name }) => name);
  return scripts.length > names.length ? `${names.join(', ')} and ${scripts.length - names.length} more` : names.join(', ');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function summary(problems: number, warnings: number, served: number): string {
  if (problems + warnings === 0) return `All is in order: the settings, and ${count(served, 'script')}.`;
  const found = [problems > 0 ? count(problems, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter(
    (text) => text !== '',
  );
  return `${found.join(' and ')}, at the top. ${count(served, 'script')} can be served.`;
}
