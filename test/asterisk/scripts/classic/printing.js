import { execFileSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { leave } from './parts.mjs';

export default async function (agi) {
  console.log('VERBOSE "smuggled"');
  console.error('VERBOSE "smuggled"');
  process.stdout.write('VERBOSE "smuggled"\n');
  writeSync(1, 'VERBOSE "smuggled"\n');
  execFileSync('echo', ['VERBOSE "smuggled"'], { stdio: 'inherit' });
  await agi.setVariable('STEP', 'in step');
  leave(import.meta.url, await agi.getVariable('STEP'));
}
