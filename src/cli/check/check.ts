import { runtimeName } from '../../ground/runtime';
import type { Service } from '../services/finding';
import { defaultFile, type CommandLineSettings } from '../../config/read-settings';
import type { ExitStatus } from '../../ground/exit-status';
import { checkScripts, type ScriptCheck } from './scripts';
import { linkWarnings } from './link';
import { lookAtConfiguration, lookAtServices, lookAtStart } from './surroundings';
import { together } from './found';
import { readOrExplain } from './read';
import { findServices } from '../services/services';
import { asteriskPaths } from '../setup/asterisk-paths';
import { lookAtSettings, lookAtSharedLog, lookAtSpokenTexts } from './settings';
import { count } from './print';
import { findScripts } from './find-scripts';
import { printable, scriptLines, settingsLines } from './print';
import type { CommandEnd, Start } from '../start';

/** `fastagi check`: what needs attention, the settings and where each was set, and each script. The status is 0 if calls can be served. @param withSounds whether to look for the sounds that scripts play */
export async function check(options: CommandLineSettings, how: Start, withSounds = false): Promise<CommandEnd> {
  const read = readOrExplain(options);
  if ('problems' in read) return { status: 100, out: brokenLines(read.problems).map(printable) };
  const { settings, master, ini } = read;
  const { basedir } = settings.fastagi;
  const services = findServices();
  const looked = together(
    lookAtSettings(settings, ini, master, services),
    lookAtConfiguration(settings, options.config ?? defaultFile, master),
    lookAtStart(how),
    lookAtServices(services),
  );
  const problems = [...looked.problems];
  const warnings = [...looked.warnings];
  const found = findScripts(basedir);
  const checked = await checkScripts(found.scripts, settings.fastagi, master);
  const broken = checked.filter(({ status }) => status !== 0);
  problems.push(...found.problems);
  const statuses = [problems.length > 0 ? 100 : 0, ...checked.map(({ status }) => status)];
  if (broken.length > 0) problems.push(`${count(broken.length, 'script')} cannot be served, see below: ${namesOf(broken)}`);
  const uids = new Set(checked.flatMap(({ uid }) => uid ?? []));
  const noted = checked.filter(({ notes }) => notes.length > 0);
  warnings.push(
    ...found.warnings,
    ...linkWarnings(basedir),
    ...lookAtSharedLog(uids, settings).warnings,
    ...lookAtSpokenTexts(uids, settings).warnings,
  );
  if (withSounds) {
    const { lookAtSounds } = await import('./sounds');
    warnings.push(...lookAtSounds(found.scripts, basedir, asteriskPaths().sounds).warnings);
  }
  if (noted.length > 0) warnings.push(`there is a warning on ${count(noted.length, 'script')}, see below: ${namesOf(noted)}`);

  const lines = [
    ...problems.map((line) => `error: ${line}`),
    ...warnings.map((line) => `warning: ${line}`),
    ...(problems.length + warnings.length > 0 ? [''] : []),
    `Configuration: ${ini.file === '' ? `${defaultFile} (not there: defaults)` : ini.file}`,
    `Runtime: ${runtimeName()} (${process.execPath})${serversText(services)}`,
    ...settingsLines(settings, ini, options),
    '',
    `Scripts below ${basedir}: ${checked.length}`,
    ...scriptLines(checked),
    '',
    summary(problems.length, warnings.length, checked.length - broken.length),
  ];
  return { status: Math.max(...statuses) as ExitStatus, out: lines.map(printable) };
}

/** What serves calls, if a service says otherwise. */
function serversText(services: readonly Service[]): string {
  const others = new Set(services.flatMap(({ isOffered, runtime }) => (isOffered && runtime !== undefined ? [runtime] : [])));
  return others.size === 0 ? '' : `; calls are served by ${[...others].join(' and ')}`;
}

function brokenLines(problems: readonly string[]): string[] {
  const lines = problems.map((line) => `error: ${line}`);
  return [...lines, '', `${count(lines.length, 'error')}: no script is run until the configuration is mended.`];
}

function namesOf(scripts: readonly ScriptCheck[]): string {
  const names = scripts.slice(0, 5).map(({ name }) => name);
  return scripts.length > names.length ? `${names.join(', ')} and ${scripts.length - names.length} more` : names.join(', ');
}

function summary(problems: number, warnings: number, served: number): string {
  if (problems + warnings === 0) return `All is in order: the settings, and ${count(served, 'script')}.`;
  const found = [problems > 0 ? count(problems, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter(
    (text) => text !== '',
  );
  return `${found.join(' and ')}, at the top. ${count(served, 'script')} can be served.`;
}
