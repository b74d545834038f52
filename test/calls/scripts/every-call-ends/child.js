import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

export default async (agi) => {
  await agi.noop();
  const child = spawn('sleep', ['30'], { detached: true, stdio: 'inherit' });
  writeFileSync(new URL('../out/held', import.meta.url), String(child.pid));
};
