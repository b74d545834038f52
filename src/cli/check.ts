import { existsSync, statSync } from 'node:fs';
import { masked, maskedText } from '../ground/masking';
import { defaultFile, fileOf, readSettings, type CommandLineSettings } from '../config/read-settings';
import { hasSecrets } from '../config/secrets';
import { knownKeys, type Settings } from '../config/settings';
import type { ExitStatus } from '../fastagi/exit-status';
import { lookAtFile } from '../fastagi/begin-call';
import { ConfigError } from '../ground/errors';
import { visible } from '../ground/visible';
import { checkScripts, type ScriptCheck } from './check-scripts';
import { settingsProblems, userWarnings } from './check-settings';
import { findScripts } from './find-scripts';
import type { Start } from './start';

// Whoever may write below basedir may choose names that steer a terminal.
const print = (line = ''): void => void process.stdout.write(`${visible(maskedText(line))}\n`);

/** `fastagi check`: prints settings, what is wrong with them, and each script. Gives the exit status: 0 where calls can be served. */
export async function check(options: CommandLineSettings, { isPrepared }: Start): Promise<ExitStatus> {
  let settings;
  let master;
  try {
    master = lookAtFile(fileOf(options.config)).master;
    settings = readSettings(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(`error: ${error.message}`);
    return 100;
  }
  const file = options.config ?? defaultFile;
  print(`Configuration: ${existsSync(file) ? file : `${file} (not there: defaults)`}`);
  printSettings(settings);
  const { problems, warnings } = settingsProblems(settings, master);
  const found = findScripts(settings.fastagi.basedir);
  problems.push(...found.problems);
  warnings.push(...found.warnings);
  if (master !== 'root') {
    warnings.push(
      `user ${master} could have written ${file}: its calls become that user and nobody, and no other; chown root the file and its directories for more`,
    );
  }
  if (isSecretOpen(settings, file)) warnings.push(`everybody may read ${file}, which holds a secret; chmod o-r ${file}`);
  if (!isPrepared) {
    warnings.push(`the start of calls is not prepared for Node ${process.version}, and takes some ms longer; prepare it: fastagi prepare`);
  }
  print();
  for (const line of problems) print(`error: ${line}`);
  for (const line of warnings) print(`warning: ${line}`);
  if (problems.length + warnings.length === 0) print('The settings are in order.');
  print();
  print(`Scripts below ${settings.fastagi.basedir}: ${found.scripts.length}`);
  const checked = await checkScripts(found.scripts, settings.fastagi, master);
  printScripts(checked);
  for (const line of userWarnings(new Set(checked.flatMap(({ uid }) => uid ?? [])), settings)) print(`warning: ${line}`);
  const statuses = [problems.length > 0 ? 100 : 0, ...checked.map(({ status }) => status)];
  return Math.max(...statuses) as ExitStatus;
}

/** Whether what only one should know can be read by all. */
function isSecretOpen(settings: Settings, file: string): boolean {
  return hasSecrets(settings) && (statSync(file).mode & 0o004) !== 0;
}

function printSettings(settings: Settings): void {
  const shown = masked(settings) as Record<string, Record<string, unknown>>;
  for (const [section, keys] of Object.entries(knownKeys)) {
    print();
    print(`[${section}]`);
    for (const key of keys) {
      const value = shown[section]?.[key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())];
      print(`${key.padEnd(20)} ${valueText(value, key === 'allow' ? '(any)' : '(none)')}`);
    }
  }
}

/** @param nothing what an empty list means */
function valueText(value: unknown, nothing: string): string {
  if (value === undefined) return '(none)';
  if (Array.isArray(value)) return value.length === 0 ? nothing : value.join(', ');
  return typeof value === 'object' && value !== null ? Object.values(value).join(',') : String(value);
}

function printScripts(checked: readonly ScriptCheck[]): void {
  const width = Math.max(0, ...checked.map(({ name }) => name.length));
  const users = Math.max(0, ...checked.map(({ runsAs }) => runsAs.length));
  for (const { name, runsAs, isProgram, notes, problem } of checked) {
    print(
      `  ${name.padEnd(width)}  ${runsAs.padEnd(users)}  ${problem === undefined ? (isProgram ? 'a program of its own' : 'loads') : `error: ${problem}`}`,
    );
    for (const note of notes) print(`  ${''.padEnd(width)}  warning: ${note}`);
  }
}
