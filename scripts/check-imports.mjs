// Fails if an import points upwards, something that is the whole process's is touched where a call is served, a wire imports anything but its own files and the ground, modules import each other in a circle, or a file is too long.
// With a directory as argument that one is checked instead of src.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync, Visitor } from 'rolldown/utils';
import { root } from './run.mjs';

/** What each room may import besides itself, floor by floor. */
const allowed = {
  ground: [],
  ...rooms('agi manager config script spool', 'ground'),
  ...rooms('ivr tts tape audio', 'agi ground'),
  call: words('script config ivr tts tape audio manager agi ground'),
  serve: words('call script config tape manager agi ground'),
  testing: words('call config tape manager agi ground'),
  cli: words('serve testing call script config tape manager tts ground'),
};

/** These make up their room for others, and do not know each other: what is for all of them is in serve/process. */
const neighbours = ['serve/once', 'serve/listen', 'serve/async-agi'];

/** Of the process there is one, however many calls it serves: only who keeps it for all of them may touch these. */
const processWide = words('on once off addListener exit reallyExit stdout stderr emitWarning');
const mayTouchProcess = (file) => file.startsWith('serve/process/') || file === 'cli/main.ts';

function rooms(names, imports) {
  return Object.fromEntries(words(names).map((name) => [name, words(imports)]));
}

function words(text) {
  return text.split(' ');
}

/** A protocol's bytes are parsed and built there, and nothing else is done. */
const isWire = (file) => /^[^/]+\/wire\//.test(file);

const longestFile = 300;
/** @param source the directory that is looked at @returns what is wrong, a line each, and how much was seen */
export function checkImports(source) {
  const problems = [];
  const graph = new Map();
  for (const entry of readdirSync(source, { recursive: true })) {
    if (/\.[mc]?ts$/.test(entry) && !entry.endsWith('.d.ts')) check(entry);
  }
  findCircles();
  if (graph.size === 0) problems.push(`no modules were found below ${source}`);
  return { problems, modules: graph.size, imports: [...graph.values()].flat().length };

  function check(file) {
    const text = readFileSync(join(source, file), 'utf8');
    const lines = text.split('\n').length - 1;
    if (lines > longestFile) problems.push(`${file}: ${lines} lines, more than ${longestFile}: one topic a file`);
    const targets = [];
    for (const specifier of importsOf(file, text)) {
      if (!specifier.startsWith('.')) {
        if (isWire(file)) problems.push(`${file}: a wire only parses and builds, and imports no ${specifier}`);
        continue;
      }
      const target = moduleFile(join(dirname(join(source, file)), specifier));
      if (!target) problems.push(`${file}: ${specifier} is no module`);
      else {
        targets.push(target);
        checkDirection(file, target);
      }
    }
    graph.set(file, targets);
  }

  function importsOf(file, text) {
    const { program, errors } = parseSync(file, text, { lang: 'ts' });
    if (!mayTouchProcess(file)) checkProcess(file, program);
    if (errors.length > 0) problems.push(`${file}: cannot be parsed: ${errors[0].message}`);
    const found = [];
    const from = (node) => node.source && found.push(String(node.source.value));
    new Visitor({
      MemberExpression: (node) => node.property.name === 'getBuiltinModule' && found.push('getBuiltinModule'),
      ImportDeclaration: from,
      ExportNamedDeclaration: from,
      ExportAllDeclaration: from,
      ImportExpression: (node) => node.source.type === 'Literal' && found.push(String(node.source.value)),
      TSImportType: (node) => found.push(node.source.value),
      CallExpression(node) {
        const [argument] = node.arguments;
        if (node.callee.name === 'require' && argument?.type === 'Literal') found.push(String(argument.value));
      },
    }).visit(program);
    return found;
  }

  function checkProcess(file, program) {
    const isProcess = (node) => node?.type === 'Identifier' && node.name === 'process';
    const touch = (name) => {
      if (processWide.includes(name)) problems.push(`${file}: process.${name} is the whole process's: use or extend serve/process`);
    };
    new Visitor({
      MemberExpression: (node) => isProcess(node.object) && touch(node.property.name ?? node.property.value),
      VariableDeclarator: (node) => {
        if (isProcess(node.init) && node.id.type === 'ObjectPattern') for (const { key } of node.id.properties) touch(key?.name);
      },
    }).visit(program);
  }

  function moduleFile(path) {
    const found = [`${path}.ts`, join(path, 'index.ts'), path, `${path}.d.ts`].find(
      (candidate) => existsSync(candidate) && candidate.endsWith('.ts'),
    );
    return found && relative(source, found);
  }

  function checkDirection(file, target) {
    const [from, to] = [roomOf(file), roomOf(target)];
    // The package's doors hand on what is behind them.
    if (from === '.' && to === 'cli') problems.push(`${file}: a door of the package must not import cli (${target})`);
    if (from === '.') return;
    const [mine, other] = [file, target].map((path) => neighbours.find((folder) => path.startsWith(`${folder}/`)));
    if (mine && other && mine !== other) problems.push(`${file}: ${mine} must not import ${other} (${target})`);
    if (file.startsWith('serve/process/') && (other || to === 'call'))
      problems.push(`${file}: serve/process must not import ${other ?? to} (${target})`);
    if (from === to && isWire(file) && !isWire(target)) problems.push(`${file}: a wire must not import what stands on it (${target})`);
    if (from === to) return;
    if (!allowed[from]) problems.push(`${file}: ${from} is no room; name it in scripts/check-imports.mjs and docs/architecture.md`);
    else if (!allowed[from].includes(to)) problems.push(`${file}: ${from} must not import ${to} (${target})`);
  }

  function findCircles() {
    const done = new Set();
    const visit = (file, path) => {
      if (path.includes(file)) problems.push(`a circle of imports: ${[...path.slice(path.indexOf(file)), file].join(' -> ')}`);
      if (done.has(file) || path.includes(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
  }
}

function roomOf(file) {
  return file.includes('/') ? file.split('/', 1)[0] : '.';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { problems, modules, imports } = checkImports(resolve(root, process.argv[2] ?? 'src'));
  for (const problem of problems) console.error(problem);
  console.log(`${modules} modules, ${imports} imports between them, ${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
