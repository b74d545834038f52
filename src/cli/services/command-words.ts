import { basename } from 'node:path';
import { bunProgram } from '../../ground/bun-program';
import { parseCallOptions } from '../call-options';
import type { Fault } from './finding';
import type { SystemFacts } from './system-facts';

/** The program that `fastagi prepare --bun` makes. */
const bunName = basename(bunProgram);

/** Whether these words start a fastagi, or are meant to. */
export function namesFastagi(words: readonly string[]): boolean {
  return words.some(isFastagi);
}

/** What runs the fastagi that these words start, if it is known. */
export function runtimeOf(words: readonly string[], { bun }: SystemFacts): string | undefined {
  return basename(words.find(isFastagi) ?? '') === bunName && bun ? `Bun ${bun.version}` : undefined;
}

const isFastagi = (word: string): boolean => ['fastagi', bunName].includes(basename(word));

/**
 * What is wrong with the command that a super-server starts for a call.
 * @param words the program, and its arguments
 */
export function commandFaults(words: readonly string[], line: number | undefined, facts: SystemFacts): Fault[] {
  const at = words.findIndex(isFastagi);
  const named = words[at];
  if (named === undefined) {
    return [{ level: 'error', line, what: `${words[0] ?? 'nothing'} is not fastagi`, remedy: `name ${facts.program}` }];
  }
  if (!facts.isExecutable(named)) {
    const remedy = basename(named) === bunName ? 'make it: fastagi prepare --bun' : `name ${facts.program}`;
    return [{ level: 'error', line, what: `${named} is no program that can be executed`, remedy }];
  }
  const faults: Fault[] = [];
  const own = [facts.program, facts.bunProgram].map(facts.resolve);
  if (!own.includes(facts.resolve(named))) {
    const what = `${named} is another fastagi than this one, ${facts.program}`;
    faults.push({ level: 'warning', line, what, remedy: `name ${facts.program}, or check with that one: ${named} check` });
  }
  if (basename(named) === bunName && facts.bun?.fits !== true) {
    const what = `${named} was made from another version of fastagi, and calls begin some ms later`;
    faults.push({ level: 'warning', line, what, remedy: 'make it anew: fastagi prepare --bun' });
  }
  const options = words.slice(at + 1);
  if (parseCallOptions(withoutListen(options))?.mode !== 'network') {
    const what = `fastagi ${options.join(' ')} serves no call of the network`;
    faults.push({ level: 'error', line, what, remedy: 'leave only options such as --config FILE' });
  }
  return faults;
}

/** What `fastagi listen` takes besides the options of a call, if the socket is handed over. */
const ofListen = ['--metrics', '--agent-check'];

/** The options of a call among those of `fastagi listen`; others as they are. */
function withoutListen(options: readonly string[]): string[] {
  const at = options.indexOf('listen');
  if (at < 0) return [...options];
  const rest = options.toSpliced(at, 1);
  return rest.filter((word, index) => !ofListen.some((name) => word === name || word.startsWith(`${name}=`) || rest[index - 1] === name));
}
