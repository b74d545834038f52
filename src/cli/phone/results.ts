/** What a scenario came to. */
export interface ScenarioResult {
  /** The scenario's file. */
  readonly name: string;
  /** What was otherwise than it should be; empty if nothing was. */
  readonly wrong: readonly string[];
  /** In s. */
  readonly seconds: number;
  readonly variables: Readonly<Record<string, string>>;
  /** All that happened, for people. */
  readonly ladder: string;
}

/** For people: a line for each, and the whole call of one that failed. */
export function plainResults(results: readonly ScenarioResult[]): string[] {
  const bad = results.filter(({ wrong }) => wrong.length > 0).length;
  return [
    ...results.flatMap(({ name, wrong, ladder }) =>
      wrong.length === 0
        ? [`✓ ${name}`]
        : [`✗ ${name}`, ...wrong.map((line) => `  ${line}`), '', ...ladder.split('\n').map((line) => `  ${line}`), ''],
    ),
    `${results.length - bad} as expected, ${bad} not`,
  ];
}

/** For other programs: a line of JSON. */
export function jsonResults(results: readonly ScenarioResult[]): string {
  return JSON.stringify({ ok: results.every(({ wrong }) => wrong.length === 0), scenarios: results });
}

/** For what gathers results of tests, in the form that JUnit made usual. @param target what was called */
export function junitResults(results: readonly ScenarioResult[], target: string): string {
  const bad = results.filter(({ wrong }) => wrong.length > 0).length;
  const sum = results.reduce((all, { seconds }) => all + seconds, 0);
  const cases = results.map(({ name, wrong, seconds, ladder }) => {
    const head = `    <testcase name="${escaped(name)}" classname="${escaped(target)}" time="${seconds.toFixed(3)}"`;
    if (wrong.length === 0) return `${head}/>`;
    const text = escaped(`${wrong.join('\n')}\n\n${ladder}`);
    return `${head}>\n      <failure message="${escaped(wrong.join('; '))}">${text}</failure>\n    </testcase>`;
  });
  const figures = `name="fastagi call" tests="${results.length}" failures="${bad}" errors="0" time="${sum.toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite ${figures}>\n${cases.join('\n')}\n  </testsuite>\n</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', '\n': '&#10;' };

/** XML has no word for most control characters, nor for half a character. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '\ufffd')
    .replace(/[<>&"\n]/g, (character) => entities[character] ?? character);
}
