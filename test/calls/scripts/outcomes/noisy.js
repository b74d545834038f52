import { spawn, execSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { once } from 'node:events';
export default async function (agi) {
  console.log('noise 1');
  console.error('noise 2');
  console.table([{ a: 'noise 3' }]);
  process.stdout.write('noise 4\n');
  process.stderr.write('noise 5');
  writeSync(1, 'noise 6\n');
  writeSync(2, 'noise 7\n');
  process.emitWarning('noise 8');
  await once(spawn('sh', ['-c', 'echo noise 9; echo noise 10 >&2'], { stdio: 'inherit' }), 'close');
  execSync('echo noise 11 >&2');
  process.stdin.on('data', () => 0);
  await agi.noop('end');
}
