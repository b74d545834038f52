import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandLineSettings } from '../../config/read-settings';
import { ConfigError } from '../../ground/errors';
import { visible } from '../../ground/visible';
import type { PlaceCallOptions } from '../../testing/asterisk-side';
import { dial } from '../../testing/dial';
import { namedFacts, parseScenario, playScenario, ScenarioError, type Scenario } from '../../testing/scenario';
import type { CommandEnd } from '../start';
import { wrongsOf, type Expectations } from './judge';
import { jsonResults, junitResults, plainResults, type ScenarioResult } from './results';
import { targetOf } from './target';

/** A scenario, and its file. */
export interface NamedScenario {
  readonly name: string;
  readonly scenario: Scenario;
}

/** How results are told. */
export interface ResultForm {
  readonly isJson: boolean;
  /** A file for results in JUnit's form. */
  readonly junit: string | undefined;
}

const scenarioEnd = '.scenario';

/** Reads scenarios: files, and directories with `*.scenario` in them. Throws ConfigError, ScenarioError. */
export function readScenarios(paths: readonly string[]): NamedScenario[] {
  return paths.flatMap(filesOf).map((name) => {
    try {
      return { name, scenario: parseScenario(readFileSync(name, 'utf8')) };
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      throw new ConfigError(error.code, `${name}, ${error.message}`);
    }
  });
}

function filesOf(path: string): string[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile()) return [path];
  const names = stat ? readdirSync(path).filter((name) => name.endsWith(scenarioEnd)).toSorted() : []; // prettier-ignore
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new ConfigError(
    'FASTAGI_SCENARIO_FILE',
    `call: --scenario ${path}: ${stat ? `there is no *${scenarioEnd} in it` : 'it is not there'}`,
  );
}

/** Plays scenarios, one after the other. @param play makes one call */
export async function playAll(
  scenarios: readonly NamedScenario[],
  expectations: Expectations,
  play: (scenario: Scenario) => Promise<Parameters<typeof wrongsOf>[0]>,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const { name, scenario } of scenarios) {
    const begun = performance.now();
    // One after the other: what one leaves in a database, or a script, must not meet another.
    // oxlint-disable-next-line no-await-in-loop
    const run = await play(scenario);
    const wrong = wrongsOf(run, { ...expectations, facts: [...expectations.facts, ...scenario.expected] });
    const { variables, ladder } = run.call;
    results.push({ name, wrong, seconds: (performance.now() - begun) / 1000, variables, ladder });
  }
  return results;
}

/** A call to a file or a port, as a scenario says. */
export async function playSimulated(text: string, scenario: Scenario, options: PlaceCallOptions, settings: CommandLineSettings) {
  const target = await targetOf(text, settings);
  const variables = { ...options.variables, ...namedFacts(scenario.given, 'variable') };
  const database = namedFacts(scenario.given, 'database');
  try {
    const { over } = await dial(target, { ...options, variables, database, caller: (caller) => playScenario(caller, scenario) });
    return await over;
  } finally {
    target.close();
  }
}

/** What is printed, and whether all went as expected. */
export function endOf(results: readonly ScenarioResult[], target: string, { isJson, junit }: ResultForm): CommandEnd {
  if (junit !== undefined) writeFileSync(junit, junitResults(results, target));
  const status = results.every(({ wrong }) => wrong.length === 0) ? 0 : 1;
  return { status, out: isJson ? [jsonResults(results)] : plainResults(results).map(visible) };
}
