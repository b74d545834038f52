import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { defineConfig } from 'rolldown';
import { parseSync } from 'rolldown/utils';

const closures = new Map();

// CommonJS, since an ES module costs a caller 10 ms more; few files, since each costs a fraction of one.
export default defineConfig({
  input: {
    main: 'src/cli/main.ts',
    bun: 'src/cli/bun.ts',
    index: 'src/index.ts',
    manager: 'src/manager.ts',
    testing: 'src/testing.ts',
    'porter-thread': 'src/serve/listen/porter-thread.ts',
    'observer-thread': 'src/serve/listen/observer-thread.ts',
  },
  platform: 'node',
  external: ['yargs', 'nodemailer'],
  plugins: [loadedLater('src/call/later.ts'), iniAsModule(), plainExports(), buildId()],
  output: {
    dir: 'dist',
    format: 'cjs',
    sourcemap: true,
    // A smaller file is compiled sooner; names stay, for the stacks in the log. Compressing would fold in characters
    // beyond ASCII, with which V8 compiles the whole file as two bytes a character.
    minify: { compress: false, mangle: { keepNames: true }, codegen: true },
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    // One file has all that a call needs until its end; its exports keep their names, as bin/fastagi loads it by itself.
    minifyInternalExports: false,
    codeSplitting: {
      groups: [{ name: chunkOf, debugName: 'starts' }],
    },
  },
});

/** One file for what each of these imports, other than by `import()`, and with it all that such a start needs. */
const starts = [
  ['call', 'src/cli/main.ts'],
  // What a call loads before its script if failed calls are mailed.
  ['mail-before', 'src/serve/once/prepare-mails.ts'],
  ['later', 'src/call/later.ts'],
];

function chunkOf(id, graph) {
  return starts.find(([, start]) => closureOf(start, graph).has(id))?.[0] ?? null;
}

function closureOf(start, graph) {
  const known = closures.get(start);
  if (known) return known;
  const found = new Set();
  const visit = (id) => {
    if (found.has(id)) return;
    found.add(id);
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) visit(imported);
  };
  visit(resolve(start));
  closures.set(start, found);
  return found;
}

/**
 * What this file exports is loaded when the first of it is called, by `require`: a command has to be sent before the script goes on. Whoever else imports
 * one of its functions gets one in its place that does so; whoever imports the file itself has it loaded at once.
 */
function loadedLater(file) {
  const door = resolve(file);
  const modules = [...readFileSync(door, 'utf8').matchAll(/^export \* from '(.+)';$/gm)].map(
    ([, path]) => `${join(dirname(door), path)}.ts`,
  );
  const inside = new Set([door, ...modules]);
  const sign = '?later';
  const chunk = './later.js';
  // By its name the bundler names a file.
  const atOnce = join(dirname(door), `at-once.ts${sign}`);
  return {
    name: 'loaded-later',
    buildStart() {
      // Nothing is left out of it, though nobody is seen to use it.
      this.emitFile({ type: 'chunk', id: door, name: 'later-door' });
    },
    async resolveId(source, importer, options) {
      if (source === chunk) return { id: chunk, external: 'absolute' };
      if (importer === undefined || inside.has(importer) || !source.startsWith('.')) return undefined;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      if (found?.id === door) return atOnce;
      return inside.has(found?.id) ? `${found.id}${sign}` : found;
    },
    load(id) {
      if (!id.endsWith(sign)) return undefined;
      const stub = (name) => `export const ${name} = (...given) => require('${chunk}').${name}(...given);`;
      const code = id === atOnce ? `require('${chunk}');` : exportedFunctions(id.slice(0, -sign.length)).map(stub).join('\n');
      return { code, moduleType: 'js' };
    },
    generateBundle(_, bundle) {
      delete bundle['later-door.js'];
      delete bundle['later-door.js.map'];
    },
  };
}

/** Nothing else can be had later. */
function exportedFunctions(path) {
  const { program } = parseSync(path, readFileSync(path, 'utf8'), { lang: 'ts' });
  const declared = program.body
    .filter(({ type, exportKind }) => type.startsWith('Export') && exportKind !== 'type')
    .map((node) => node.declaration);
  const wrong = declared.findIndex((declaration) => declaration?.type !== 'FunctionDeclaration');
  if (wrong >= 0) throw new Error(`${path} exports something that is no function: only functions can be loaded later`);
  return declared.map(({ id }) => id.name);
}

/**
 * A function for each of a hundred exports would be made at each start. No export changes once its module has run, and no two files need each other while
 * they are loaded: a value is enough.
 */
function plainExports() {
  const getter = /Object\.defineProperty\(exports,(["'`])(\w+)\1,\{enumerable:true,get:function\(\)\{return ([\w$.]+)\}\}\);/g;
  return {
    name: 'plain-exports',
    generateBundle(_, bundle) {
      // They stand behind everything else, so that the source map stays right.
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = file.code.replaceAll(getter, 'exports.$2=$3;');
    },
  };
}

/** What was packed from other files of this package can find out that these are not those any more. */
function buildId() {
  return {
    name: 'build-id',
    generateBundle(_, bundle) {
      const hash = createHash('sha256');
      for (const name of Object.keys(bundle).toSorted()) hash.update(`${name}\n${bundle[name].code ?? ''}\n`);
      this.emitFile({ type: 'asset', fileName: 'build-id', source: hash.digest('hex') });
    },
  };
}

/** A CommonJS package would bring rolldown's runtime along, one more file for each start to load. */
function iniAsModule() {
  return {
    name: 'ini-as-module',
    transform: (code, id) =>
      id.endsWith('/ini/lib/ini.js')
        ? { code: code.replace(/module\.exports = \{[^}]*\}/, 'export { decode as parse }'), map: null }
        : undefined,
  };
}
