import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { analyse } from 'scslre';
import { expect, it } from 'vitest';
import { project } from '../support/super-server';

/** The regular expressions of a module. */
function expressionsOf(file: string, text: string): { pattern: string; flags: string }[] {
  const found: { pattern: string; flags: string }[] = [];
  const { program } = parseSync(file, text, { lang: 'ts' });
  new Visitor({
    Literal: (node) => {
      if ('regex' in node && node.regex) found.push(node.regex);
    },
  }).visit(program);
  return found;
}

/** Those whose time grows faster than what they are given. */
function slowOnes(file: string, text: string): string[] {
  return expressionsOf(file, text)
    .filter(({ pattern, flags }) => analyse({ source: pattern, flags }).reports.length > 0)
    .map(({ pattern }) => `${file}: /${pattern}/`);
}

// The simulators are not on the wire.
const files = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.startsWith('testing/'),
);

it('takes a time that grows as its text does: each regular expression', () => {
  const texts = files.map((file) => [file, readFileSync(join(project, 'src', file), 'utf8')] as const);
  expect(texts.flatMap(([file, text]) => expressionsOf(file, text)).length).toBeGreaterThan(50);
  expect(texts.flatMap(([file, text]) => slowOnes(file, text))).toEqual([]);
});

it.each(['/\\s*\\n\\s*/g', '/\\n+$/', '/([a-z]\\w*)=/', '/(a+)+b/', '/^(.*)x(.*)y/s'])('is seen where it does not: %s', (expression) => {
  expect(slowOnes('x.ts', `const x = ${expression};`)).toHaveLength(1);
});
