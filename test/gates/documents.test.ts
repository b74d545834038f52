import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { project } from '../support/super-server';

const documents = ['README.md', 'SECURITY.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];
const read = (name: string) => readFileSync(join(project, name), 'utf8');

it.each(documents)('%s names files that are there', (name) => {
  const text = read(name);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) => resolve(project, dirname(name), to ?? ''));
  const tests = [...text.matchAll(/\btest\/[\w/-]+\.test\.ts/g)].map(([path]) => join(project, path));
  expect([...links, ...tests].filter((path) => !existsSync(path))).toEqual([]);
});

it('docs/security.md names a test for each promise', () => {
  const [promised = ''] = read('docs/security.md').split('## What is not promised');
  const rows = promised.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|---)/.test(line));
  expect(rows.length).toBeGreaterThan(25);
  expect(rows.filter((row) => !/\.test\.ts/.test(row.split('|')[3] ?? ''))).toEqual([]);
});

/** The codes of errors in the source. */
function codesIn(directory: string): string[] {
  const names = readdirSync(join(project, directory), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return [...new Set(names.flatMap((name) => read(join(directory, name)).match(/(?<=')FASTAGI_[A-Z_]*[A-Z](?=')/g) ?? []))];
}

describe('docs/errors.md', () => {
  const codes = codesIn('src');
  const described = [...read('docs/errors.md').matchAll(/^### (\w+)$/gm)].map(([, code = '']) => code);

  it('has a heading for each code that there is, and no other', () => {
    expect(codes.length).toBeGreaterThan(60);
    expect(described.toSorted()).toEqual(codes.toSorted());
  });

  it('says of each what to do', () => {
    const parts = read('docs/errors.md').split(/^### /m).slice(1);
    expect(parts.filter((part) => !/^\w+\n\n\w+Error.*\. \S.*\n\nWhat to do: \S/.test(part))).toEqual([]);
  });
});

it('docs/architecture.md has a row for each folder of src, and for no other', () => {
  const folders = readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  const paths = folders.map(({ parentPath, name }) => join(parentPath, name).slice(join(project, 'src/').length));
  const rows = [...read('docs/architecture.md').matchAll(/^\| `src\/([\w/-]+)` \|/gm)].map(([, path = '']) => path);
  // What only holds folders needs no row of its own.
  const filled = paths.filter((path) => readdirSync(join(project, 'src', path), { withFileTypes: true }).some((entry) => entry.isFile()));
  expect(rows.toSorted()).toEqual(filled.toSorted());
});

it('docs/architecture.md names source files that are there', () => {
  const named = [...read('docs/architecture.md').matchAll(/`((?:[\w-]+\/)+[\w-]+)\.ts`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(project, 'src', `${path}.ts`)))).toEqual([]);
});
