import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
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

it('docs/errors.md lists each code that there is', () => {
  const source = readdirSync(join(project, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const codes = new Set(source.flatMap((name) => read(`src/${name}`).match(/(?<=')FASTAGI_[A-Z_]*[A-Z](?=')/g) ?? []));
  const listed = read('docs/errors.md');
  // The manager's are still to be described.
  expect([...codes].filter((code) => !listed.includes(`| ${code} |`) && !code.startsWith('FASTAGI_MANAGER'))).toEqual([]);
});
