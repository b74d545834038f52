import { FastagiError } from '../ground/errors';
import type { Caller } from './caller';

/** A call as a text tells it: what the caller does, and what it comes to. */
export interface Scenario {
  readonly steps: readonly ScenarioStep[];
  /** What is there from the beginning on. */
  readonly given: readonly Fact[];
  /** What is there in the end. */
  readonly expected: readonly Fact[];
}

/** A variable's value, or one in Asterisk's database. */
export interface Fact {
  readonly of: 'variable' | 'database';
  /** The variable's name, or `family/key`. */
  readonly name: string;
  readonly value: string;
}

type ScenarioStep =
  | { readonly kind: 'hears'; readonly prompt: string }
  | { readonly kind: 'presses'; readonly keys: string }
  /** In s. */
  | { readonly kind: 'waits'; readonly seconds: number }
  | { readonly kind: 'hangsUp' };

/** A line of a scenario makes no sense. */
export class ScenarioError extends FastagiError {
  constructor(line: number, why: string) {
    super('FASTAGI_SCENARIO', `line ${line} of the scenario: ${why}`);
  }
}

/** Throws ScenarioError. */
export function parseScenario(text: string): Scenario {
  const steps: ScenarioStep[] = [];
  const given: Fact[] = [];
  const expected: Fact[] = [];
  for (const [index, line] of text
    .split('\n')
    .map((one) => one.trim())
    .entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, word = '', rest = ''] = /^(hangs up|\S+)(?:\s+(\S.*))?$/.exec(line) ?? [];
    if (word === 'given') given.push(factOf(rest, word, index + 1));
    else if (word === 'expects') expected.push(factOf(rest, word, index + 1));
    else steps.push(stepOf(word, rest, index + 1));
  }
  return { steps, given, expected };
}

function stepOf(word: string, rest: string, line: number): ScenarioStep {
  if (word === 'hears' && rest !== '') return { kind: 'hears', prompt: rest };
  if (word === 'presses' && /^[0-9*#A-D]+$/.test(rest)) return { kind: 'presses', keys: rest };
  if (word === 'waits' && /^\d+(?:\.\d+)?$/.test(rest)) return { kind: 'waits', seconds: Number(rest) };
  if (word === 'hangs up' && rest === '') return { kind: 'hangsUp' };
  const what = [word, rest].join(' ').trim();
  throw new ScenarioError(
    line,
    `"${what}" is none of: hears PROMPT, presses KEYS, waits SECONDS, hangs up, expects NAME=value, given NAME=value`,
  );
}

function factOf(text: string, word: string, line: number): Fact {
  const [, database, name = '', value = ''] = /^(database\s+)?([^=\s]+)\s*=(.*)$/.exec(text) ?? [];
  if (name === '') throw new ScenarioError(line, `write ${word} NAME=value, or ${word} database FAMILY/KEY=value`);
  return { of: database === undefined ? 'variable' : 'database', name, value: value.trim() };
}

/** Values by their names. */
export function namedFacts(facts: readonly Fact[], of: Fact['of']): Record<string, string> {
  return Object.fromEntries(facts.filter((fact) => fact.of === of).map(({ name, value }) => [name, value]));
}

/** Has a caller do what a scenario says. */
export function playScenario(caller: Caller, { steps }: Scenario): void {
  for (const step of steps) {
    if (step.kind === 'hears') caller.hears(step.prompt);
    if (step.kind === 'presses') caller.presses(step.keys);
    if (step.kind === 'waits') caller.waits(step.seconds);
    if (step.kind === 'hangsUp') caller.hangsUp();
  }
}
