import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { placeIn } from './stack';

/** In ms: linking runs nothing, and ends. */
const longest = 5000;

/**
 * Where the mistake stands that keeps a module, or one that it imports, from being linked: Node prints it for a program that ends with the
 * error, and gives it to nobody. What is imported first ends the program, so that no code of the module runs.
 */
export function syntaxPlace(path: string): { file: string; line: number } | undefined {
  const program = `import 'data:text/javascript,process.exit()'; import ${JSON.stringify(pathToFileURL(path).href)};`;
  const { stderr } = spawnSync(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    cwd: '/',
    encoding: 'utf8',
    timeout: longest,
    // Standard input is the connection.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return placeIn((stderr ?? '').split('\n', 1)[0] ?? '');
}
