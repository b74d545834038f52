import { spawnSync } from 'node:child_process';
import { accountOf } from '../../ground/accounts';
import { ownCommand } from '../../ground/own-command';
import { warning, type Check, type Patient, type Result } from './diagnosis';

/**
 * A check that starts programs which the configuration names. Whoever else could have written the configuration must not choose what root runs:
 * it is left to that user.
 */
export function asMaster(check: Check): Check {
  return {
    name: check.name,
    run(patient) {
      const { master } = patient;
      return master === 'root' || process.geteuid?.() !== 0 ? check.run(patient) : leaveTo(master, check.name, patient);
    },
  };
}

function leaveTo(uid: number, name: string, { file, sendsMail }: Patient): Result[] {
  const gid = accountOf(uid)?.gid ?? uid;
  const [program, ...own] = ownCommand();
  const args = [...own, 'doctor', '--json', '--only', name, '--config', file, ...(sendsMail ? ['--mail'] : [])];
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: process.env['LANG'] ?? 'C.UTF-8' };
  const { stdout, error } = spawnSync(program, args, { uid, gid, cwd: '/', env, encoding: 'utf8', timeout: 60_000, input: '' });
  try {
    return (JSON.parse(stdout) as { checks: readonly Result[] }).checks.map(({ state, text }) => ({
      state,
      text: `as user ${uid}: ${text}`,
    }));
  } catch {
    return [
      warning(`it could not be looked at as user ${uid}, who could have written ${file}: ${error?.message ?? 'that user may not read it'}`),
    ];
  }
}
