import { runtimeName } from '../../ground/runtime';
import { unknownKeys } from '../../config/unknown-keys';
import { checkScripts } from '../check/scripts';
import { count } from '../check/print';
import { findScripts } from '../check/find-scripts';
import { linkWarnings } from '../check/link';
import { together, warning as warned } from '../check/found';
import { lookAtBasedir, lookAtLists, lookAtLog, lookAtSharedLog, lookAtSpokenTexts, lookAtTempdir, lookAtUsers } from '../check/settings'; // prettier-ignore
import { lookAtConfiguration, lookAtStart } from '../check/surroundings';
import { workersUser } from './call-check';
import { ok, resultsOf, warning, wrong, type Check, type Patient, type Result } from './diagnosis';

/** What lies on this machine: Node, the configuration, scripts, directories. */
export const ownChecks: readonly Check[] = [
  { name: 'node', run: () => [ok(`${runtimeName()} (${process.execPath})`)] },
  { name: 'users', run: (patient) => resultsOf(lookAtUsers(patient.settings, patient.services), whomScriptsRunAs(patient)) },
  { name: 'prepared', run: ({ start }) => resultsOf(lookAtStart(start), 'the start of calls is prepared') },
  {
    name: 'configuration',
    run: ({ settings, ini, file, master }) =>
      resultsOf(
        together(warned(...unknownKeys(ini)), lookAtConfiguration(settings, file, master), lookAtLists(settings, ini)),
        configured(ini.file, file),
      ),
  },
  {
    name: 'basedir',
    run: ({ settings }) =>
      resultsOf(
        together(lookAtBasedir(settings), warned(...linkWarnings(settings.fastagi.basedir))),
        `scripts are below ${settings.fastagi.basedir}`,
      ),
  },
  { name: 'scripts', run: lookAtScripts },
  { name: 'tempdir', run: ({ settings }) => resultsOf(lookAtTempdir(settings), `spoken texts are kept below ${settings.phpagi.tempdir}`) },
  {
    name: 'log',
    run: ({ settings, master }) =>
      resultsOf(
        lookAtLog(settings, master),
        `the log goes to ${settings.fastagi.log ?? 'standard error if somebody reads it, else syslog'}`,
      ),
  },
];

function whomScriptsRunAs({ settings, services }: Patient): string {
  const offered = services.find(({ isOffered }) => isOffered);
  const user = offered && workersUser(offered, settings.fastagi.user);
  return user === undefined ? 'scripts run as their owners' : `all scripts run as ${user}, whom the workers run as`;
}

function configured(read: string, file: string): string {
  return read === '' ? `no ${file}: the defaults hold` : file;
}

async function lookAtScripts({ settings, master }: Patient): Promise<Result[]> {
  const found = findScripts(settings.fastagi.basedir);
  const checked = await checkScripts(found.scripts, settings.fastagi, master);
  const uids = new Set(checked.flatMap(({ uid }) => uid ?? []));
  const shared = together(lookAtSharedLog(uids, settings), lookAtSpokenTexts(uids, settings));
  const results = [
    ...found.problems.map(wrong),
    ...checked.flatMap(({ name, problem }) => (problem === undefined ? [] : wrong(`${name}: ${problem}`))),
    ...checked.flatMap(({ name, notes }) => notes.map((note) => warning(`${name}: ${note}`))),
    ...[...found.warnings, ...shared.warnings].map(warning),
  ];
  const good = checked.filter(({ problem, notes }) => problem === undefined && notes.length === 0);
  if (checked.length === 0) return [...results, warning(`no script is there; the first one: fastagi new hello`)];
  return good.length === 0 ? results : [ok(`${count(good.length, 'script')} can be served`), ...results];
}
