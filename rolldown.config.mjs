import { defineConfig } from 'rolldown';

// CommonJS, since an ES module costs a caller 10 ms more; few files, since each costs a fraction of one.
export default defineConfig({
  input: { main: 'src/cli/main.ts', index: 'src/index.ts', testing: 'src/testing/index.ts' },
  platform: 'node',
  external: ['yargs'],
  output: {
    dir: 'dist',
    format: 'cjs',
    sourcemap: true,
    // A smaller file is compiled sooner; names stay, for the stacks in the log. Compressing would fold in characters
    // beyond ASCII, with which V8 compiles the whole file as two bytes a character.
    minify: { compress: false, mangle: { keepNames: true }, codegen: true },
    chunkFileNames: '[name].js',
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: { groups: [{ name: 'call', test: /src\/(ground|agi|script|config|fastagi)\/|rolldown/ }] },
  },
});
