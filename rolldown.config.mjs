import { defineConfig } from 'rolldown';

// CommonJS, since an ES module costs a caller 10 ms more; few files, since each costs a fraction of one.
export default defineConfig({
  input: { main: 'src/cli/main.ts', index: 'src/index.ts', manager: 'src/manager.ts', testing: 'src/testing.ts' },
  platform: 'node',
  external: ['yargs', 'nodemailer'],
  plugins: [iniAsModule()],
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
      groups: [
        {
          name: 'call',
          test: /src\/(ground|agi|config)\/(?!wire\/notice-filter)|src\/fastagi\/(?!foreign|notice|mail|second-start|asterisk-manager|script-manager|serve-async|readable-error)|src\/script\/(?!import-file|setpriv|program|source-place|stack|syntax-place|failed-load)|src\/ivr\/(methods|caller-id|choices|fastpass)|src\/tts\/methods|src\/cli\/(main|call-options)|node_modules\/ini/,
        },
        // What a call loads before its script where failed calls are mailed.
        { name: 'mail-before', test: /src\/fastagi\/mail-(before|counts|sender)/ },
      ],
    },
  },
});

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
