import { spawnSync } from 'node:child_process';
import { lineLimit } from '../../ground/line-limit';
import type { AsteriskManager } from '../../call/agi';
import type { Account } from './account';
import { ok, warning, wrong, type Check, type Patient, type Result } from './diagnosis';

/** What Asterisk itself says. */
export const asteriskChecks: readonly Check[] = [
  { name: 'asterisk', run: lookAtAsterisk },
  { name: 'manager', run: lookAtManager },
];

/** Whether it can call at all, and how long a command may be. */
async function lookAtAsterisk({ account }: Patient): Promise<Result[]> {
  const found = await account();
  const module = (await moduleByManager(found)) ?? moduleByConsole();
  const version = 'manager' in found ? found.manager.version : versionByConsole();
  if (module === undefined)
    return [warning('whether Asterisk has res_agi is not known: it does not run here, and its manager does not say')];
  if (!module) return [wrong("Asterisk has no res_agi, and so no AGI(): asterisk -rx 'module load res_agi'")];
  if (version === undefined) return [ok('Asterisk has res_agi')];
  return [ok(`Asterisk ${version} has res_agi; a command may have ${lineLimit(version)} bytes`)];
}

/** Undefined if it cannot be known this way. */
async function moduleByManager(account: Account): Promise<boolean | undefined> {
  if (!('manager' in account)) return undefined;
  // Its own action: whoever may not do it learns that it is there, and without a channel it does nothing.
  return account.manager.action('AGI').then(
    () => true,
    (error: { code?: string }) => error.code !== 'FASTAGI_MANAGER_UNKNOWN_ACTION',
  );
}

function moduleByConsole(): boolean | undefined {
  const printed = asteriskSays('module show like res_agi');
  return printed === undefined ? undefined : /^res_agi\.so .*Running/m.test(printed);
}

function versionByConsole(): string | undefined {
  return /^Asterisk (\S+)/m.exec(asteriskSays('core show version') ?? '')?.[1];
}

function asteriskSays(command: string): string | undefined {
  const { status, stdout } = spawnSync('asterisk', ['-rx', command], { encoding: 'utf8', timeout: 5000 });
  return status === 0 ? stdout : undefined;
}

async function lookAtManager({ settings, account }: Patient): Promise<Result[]> {
  const { server, username, secret } = settings.asmanager;
  const found = await account();
  if (!('manager' in found)) {
    const text = `${found.error.message}; only scripts that use manager() need it`;
    return [found.error.code === 'FASTAGI_MANAGER_UNREACHABLE' ? warning(text) : wrong(text)];
  }
  const results = [ok(`the manager at ${server} lets ${username} in`)];
  if (secret === 'phpagi')
    results.push(warning(`${username} has the secret that everybody knows: change it in manager.conf, and in [asmanager] secret`));
  return [...results, ...(await lookAtPermissions(found.manager, username))];
}

/** An action for each class that is too much for scripts, and what whoever has it can do. */
const tooMuch: readonly (readonly [action: string, className: string, what: string])[] = [
  ['Command', 'command', 'runs any command of the console'],
  ['UpdateConfig', 'config', "changes Asterisk's files"],
];

/** Asterisk lists only what the user may do. */
async function lookAtPermissions(manager: AsteriskManager, username: string): Promise<Result[]> {
  const may = new Set(Object.keys(await manager.listCommands()).map((name) => name.toLowerCase()));
  const wide = tooMuch.filter(([action]) => may.has(action.toLowerCase())).map(([, own, what]) => `${own} (${what})`);
  const results: Result[] = [];
  if (wide.length > 0)
    results.push(
      warning(
        `${username} may do more than scripts need: take ${wide.join(' and ')} out of its write in manager.conf, unless a script uses it`,
      ),
    );
  if (!may.has('coresettings'))
    results.push(warning(`${username} may not ask for Asterisk's version: add reporting to its write in manager.conf`));
  if (!may.has('getvar')) results.push(warning(`${username} may not look at channels: add call to its write in manager.conf`));
  return results;
}
