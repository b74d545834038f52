import { basename, join } from 'node:path';
import type { AsteriskPaths } from './asterisk-paths';
import type { Change, Owner } from './change';

export type SuperServer = 'xinetd' | 'inetd' | 'systemd';

/** What has been found out before anything is changed. */
export interface Plan {
  readonly superServer: SuperServer;
  /** Whether a few processes serve all calls (`fastagi listen`). */
  readonly isForWorkers: boolean;
  readonly asterisk: AsteriskPaths;
  /** What a super-server starts, by paths that last: Node and fastagi, or the program that Bun is part of. */
  readonly command: readonly [file: string, ...args: string[]];
  readonly isBun: boolean;
  /** The package, which scripts import. */
  readonly packageDirectory: string;
  readonly basedir: string;
  /** What phpagi.conf says, if there is one. */
  readonly configuration: Configuration | undefined;
  /** The files of the package that are copied, by their names in it. */
  readonly texts: Readonly<Record<ShippedFile, string>>;
  /** Whether scripts without a package.json are there: they are CommonJS, and have to stay so. */
  readonly hasOldScripts: boolean;
  /** Whether this machine knows the port's name. */
  readonly isPortNamed: boolean;
}

/** What an installation needs of a configuration that is there. */
export interface Configuration {
  readonly basedir: string;
  /** Whom workers become; undefined if it is not set. */
  readonly user: string | undefined;
  /** The line `[fastagi]` as it stands there. */
  readonly head: string | undefined;
}

/** The files of the package that an installation needs. */
export const shippedFiles = [
  'xinetd/fastagi',
  'xinetd/fastagi-bun',
  'inetd/inetd.conf.snippet',
  'systemd/fastagi.socket',
  'systemd/fastagi@.service',
  'systemd/fastagi-bun@.service',
  'systemd/fastagi-workers.socket',
  'systemd/fastagi-workers.service',
  'services.snippet',
  'examples/test-agi.js',
] as const;

export type ShippedFile = (typeof shippedFiles)[number];

const root: Owner = {};

/** Everything that a machine needs for its first call, in the order in which it is put there. Touches nothing. */
export function changesOf(plan: Plan): Change[] {
  const { asterisk, basedir } = plan;
  const asterisks: Owner = { user: asterisk.user, group: asterisk.user };
  return [
    ...(plan.superServer === 'systemd' || plan.isPortNamed ? [] : [portLine(plan)]),
    directory(asterisk.etc),
    {
      kind: 'file',
      path: join(asterisk.etc, 'phpagi.conf'),
      text: configurationText(plan),
      mode: asterisk.user === undefined ? 0o644 : 0o640,
      owner: { group: asterisk.user },
      isUsers: true,
    },
    ...userLine(plan),
    { kind: 'directory', path: join(asterisk.spool, 'tmp'), mode: 0o750, owner: asterisks },
    directory(basedir),
    { kind: 'file', path: join(basedir, 'package.json'), text: manifestText(plan), mode: 0o644, owner: root, isUsers: true },
    directory(join(basedir, 'node_modules')),
    { kind: 'link', path: join(basedir, 'node_modules/fastagi'), target: plan.packageDirectory },
    {
      kind: 'file',
      path: join(basedir, plan.hasOldScripts ? 'test-agi.mjs' : 'test-agi.js'),
      text: plan.texts['examples/test-agi.js'],
      mode: 0o644,
      owner: asterisks,
      isUsers: true,
    },
    ...serviceChanges(plan),
  ];
}

function directory(path: string): Change {
  return { kind: 'directory', path, mode: 0o755, owner: root };
}

function portLine({ texts }: Plan): Change {
  return { kind: 'line', path: '/etc/services', line: texts['services.snippet'].trim() };
}

/** Workers that root starts need a user, which a configuration from before may not name. systemd starts them as that user. */
function userLine({ asterisk, superServer, isForWorkers, configuration }: Plan): Change[] {
  if (!isForWorkers || superServer === 'systemd' || !configuration || configuration.user !== undefined) return [];
  const line = `user = ${workersUser(asterisk)}`;
  const { head } = configuration;
  return [{ kind: 'line', path: join(asterisk.etc, 'phpagi.conf'), line: head === undefined ? `[fastagi]\n${line}` : line, below: head }];
}

/** Asterisk's user, unless that is root, who serves no calls. */
function workersUser({ user }: AsteriskPaths): string {
  return user === undefined || user === 'root' ? 'nobody' : user;
}

function serviceChanges(plan: Plan): Change[] {
  const { command, isBun, texts } = plan;
  const file = (path: string, text: string, more: { others?: string[]; elsewhere?: string }): Change => ({
    kind: 'file',
    path,
    text,
    mode: 0o644,
    owner: root,
    isUsers: false,
    ...more,
  });
  if (plan.superServer === 'xinetd') {
    const text = xinetdText(plan);
    return [file('/etc/xinetd.d/fastagi', text, { others: [switchedOff(text)] })];
  }
  if (plan.superServer === 'inetd') return [{ kind: 'line', path: '/etc/inetd.conf', line: inetdLine(plan) }];
  if (plan.isForWorkers)
    return [
      unit('fastagi-workers.socket', texts['systemd/fastagi-workers.socket']),
      unit('fastagi-workers.service', workersText(plan)),
    ].map(({ path, text, elsewhere }) => file(path, text, { elsewhere }));
  return [
    file('/etc/systemd/system/fastagi.socket', texts['systemd/fastagi.socket'], { elsewhere: '/usr/lib/systemd/system/fastagi.socket' }),
    file(
      '/etc/systemd/system/fastagi@.service',
      texts[isBun ? 'systemd/fastagi-bun@.service' : 'systemd/fastagi@.service'].replace(
        /^ExecStart=.*$/m,
        () => `ExecStart=${command.join(' ')}`,
      ),
      { elsewhere: '/usr/lib/systemd/system/fastagi@.service' },
    ),
  ];
}

function inetdLine({ command, isBun, isForWorkers }: Plan): string {
  const [how, more] = isForWorkers ? ['wait', ['listen']] : ['nowait.1000', []];
  // inetd sets no variables itself.
  const [file, ...args] = isBun && !isForWorkers ? ['/usr/bin/env', 'BUN_JSC_useJIT=0', ...command] : command;
  return `127.0.0.1:fastagi stream tcp ${how} root ${[file, basename(file), ...args, ...more].join(' ')}`;
}

/** The unit of the workers, as Asterisk's user if there is one. */
function workersText({ command, asterisk, texts }: Plan): string {
  const user = workersUser(asterisk);
  return texts['systemd/fastagi-workers.service']
    .replace(/^ExecStart=.*$/m, () => `ExecStart=${command.join(' ')} listen`)
    .replace(/^User=.*$/m, () => `User=${user}`)
    .replace(/^Group=.*$/m, () => `Group=${user === 'nobody' ? 'nogroup' : user}`);
}

function unit(name: string, text: string): { path: string; text: string; elsewhere: string } {
  return { path: `/etc/systemd/system/${name}`, text, elsewhere: `/usr/lib/systemd/system/${name}` };
}

/** The service as a package brings it: nothing starts before somebody wants it. */
function switchedOff(text: string): string {
  return text.replace(/^(\tdisable\s+= )no$/m, '$1yes');
}

/** Node is named itself: xinetd may not find it on its PATH, and a call starts sooner. */
function xinetdText({ command, isBun, isForWorkers, texts }: Plan): string {
  const [file, ...args] = command;
  const [, one = '', workers = ''] = /^([^]*?)(\n# The other form[^]*)$/.exec(texts[isBun ? 'xinetd/fastagi-bun' : 'xinetd/fastagi']) ?? [];
  const server = /^(\tserver\s+= ).*$/m;
  const argsLine = args.length === 0 ? '' : `\n\tserver_args     = ${args.join(' ')}`;
  const call = one.replace(server, (_, before: string) => `${before}${file}${argsLine}`);
  const all = workers
    .replace(server, (_, before: string) => `${before}${file}`)
    .replace(/^(\tserver_args\s+= )listen$/m, (_, before: string) => `${before}${[...args, 'listen'].join(' ')}`);
  return isForWorkers ? `${switchedOff(call)}${all.replace(/^(\tdisable\s+= )yes$/m, '$1no')}` : `${call}${all}`;
}

function manifestText({ hasOldScripts, packageDirectory }: Plan): string {
  const type = hasOldScripts ? {} : { type: 'module' };
  return `${JSON.stringify({ private: true, ...type, dependencies: { fastagi: `file:${packageDirectory}` } }, undefined, 2)}\n`;
}

function configurationText({ asterisk, basedir, packageDirectory, isForWorkers }: Plan): string {
  return `; Settings of fastagi. Those that are not set here have their defaults: \`fastagi check\` shows all.
; What each is: ${join(packageDirectory, 'docs/configuration.md')}

[phpagi]
; Where spoken texts are kept.
tempdir = ${join(asterisk.spool, 'tmp')}/
; Whom failed calls are mailed to.
;admin = you@example.org

[asmanager]
; The account of manager.conf that fastagi.manager() logs in with; ${join(packageDirectory, 'docs/manager.md')} has the smallest.
;username = fastagi
;secret =

[fastagi]
; Where the scripts are.
basedir = ${basedir}/
; Whom \`fastagi listen\` becomes, if root starts it; all scripts run as that user.
${isForWorkers ? '' : ';'}user = ${workersUser(asterisk)}
`;
}
