import { execSync } from 'node:child_process';
export default async (agi) => {
  agi.log.info('from the script');
  agi.log.warn('take care');
  execSync('echo "<0>from a child" >&2', { stdio: ['ignore', 'inherit', 'inherit'] });
  throw new Error('boom');
};
