import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { defineConfig } from 'rolldown';

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
  plugins: [iniAsModule(), plainExports(), buildId()],
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
