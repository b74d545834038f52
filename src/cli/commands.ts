import type { Options } from 'yargs';
import { ConfigError } from '../ground/errors';
import { isBunProgram } from '../ground/bun-program';
import type { Identity } from '../serve/process/identity';
import { isOn, numberOf, textOf, type Command } from './command';
import { callCommands } from './call-commands';
import type { SuperServer } from './setup/plan';

const dryRun = { type: 'boolean', describe: 'show what would change, and change nothing' } as const;
const root = {
  type: 'string',
  requiresArg: true,
  describe: 'a directory to take for /, in which nothing is started (for packagers)',
} as const;

export const exitStatuses =
  'Exit status: 0; 1 a classic AGI script failed; 100 a mistake in usage or configuration; 101 a defect of fastagi; 111 trouble with the system.';

/** What stands in the configuration as well; for calls, and for commands that look at it. */
export const settingsOptions: Readonly<Record<string, Options>> = {
  config: { type: 'string', requiresArg: true, global: false, describe: 'the configuration file (/etc/asterisk/phpagi.conf)' },
  basedir: { type: 'string', requiresArg: true, global: false, describe: 'where the scripts are (/var/lib/asterisk/agi-bin/)' },
  record: { type: 'string', requiresArg: true, global: false, describe: 'a directory in which each call is recorded (none)' },
  setuid: { type: 'boolean', global: false, describe: "become the script's owner, when started as root" },
  debug: { type: 'boolean', global: false, describe: 'show request, configuration and errors on the Asterisk console' },
};

/** Every command but a call, which no caller waits for. What each needs is loaded when it runs. */
export const commands: readonly Command[] = [
  {
    name: 'run',
    args: '<script> [args..]',
    describe: 'serve one classic AGI or EAGI call with this script',
    takesSettings: true,
    examples: [['fastagi run test-agi.js first', 'as Asterisk starts it for AGI(fastagi,run,test-agi.js,first)']],
    page: 'api.md',
    // The start has taken every command line of it that makes sense.
    run: async () => ({ status: 100, err: ['fastagi: run needs the script first, and options before `run`'] }),
  },
  {
    name: 'check',
    describe: 'show the settings, what is wrong with them, and whether each script loads',
    takesSettings: true,
    options: { sounds: { type: 'boolean', describe: 'look for the sounds that scripts name, too' } },
    examples: [
      ['fastagi check --config /etc/asterisk/other.conf', 'look at another configuration'],
      ['fastagi check --sounds', 'prompts that no sound file holds'],
    ],
    page: 'configuration.md',
    run: async ({ values, settings, start }) => (await import('./check/check')).check(settings, start, isOn(values, 'sounds')),
  },
  {
    name: 'doctor',
    describe: 'look at everything that a call needs, make one, and say what mends what is wrong',
    takesSettings: true,
    options: {
      json: { type: 'boolean', describe: 'print JSON: { ok, checks: [{ name, state, text }] }' },
      only: { type: 'string', array: true, requiresArg: true, describe: 'run these checks only: --only service call' },
      mail: { type: 'boolean', describe: 'send a mail to [phpagi] admin, too' },
    },
    examples: [
      ['fastagi doctor', 'everything, as root'],
      ['fastagi doctor --only service listening call', 'what keeps calls from coming'],
    ],
    page: 'doctor.md',
    async run({ values, settings, start, say }) {
      const { doctor } = await import('./doctor/doctor');
      const only = Array.isArray(values['only']) ? values['only'].map(String) : [];
      return doctor(settings, { json: isOn(values, 'json'), mail: isOn(values, 'mail'), only }, start, say);
    },
  },
  {
    name: 'install',
    describe: 'set up the service, the configuration and the directory of the scripts; shows all of it first',
    options: {
      for: {
        choices: ['xinetd', 'inetd', 'systemd'],
        requiresArg: true,
        describe: 'what starts fastagi for a call (what is there: xinetd, inetd, systemd)',
      },
      workers: { type: 'boolean', describe: 'serve all calls in a few processes that stay (fastagi listen), not each in its own' },
      'dry-run': dryRun,
      yes: { type: 'boolean', alias: 'y', describe: 'do not ask' },
      force: { type: 'boolean', describe: 'replace files that differ; the old ones are saved beside them' },
      root,
    },
    examples: [
      ['fastagi install --dry-run', 'see what it would do'],
      ['fastagi install --for systemd', 'use systemd, though xinetd is there'],
      ['fastagi install --workers', 'for many calls'],
    ],
    page: 'install.md',
    async run({ values, say, terminal }) {
      const { install } = await import('./setup/install');
      const superServer = textOf(values, 'for') as SuperServer | undefined;
      const flags = { dryRun: isOn(values, 'dry-run'), yes: isOn(values, 'yes'), force: isOn(values, 'force') };
      return install({ superServer, workers: isOn(values, 'workers'), ...flags, root: textOf(values, 'root') ?? '/' }, say, terminal);
    },
  },
  {
    name: 'uninstall',
    describe: 'take back what install put there, and nothing else',
    options: { 'dry-run': dryRun, force: { type: 'boolean', describe: 'take files away that were changed since, too' }, root },
    examples: [['fastagi uninstall --dry-run', 'see what it would take back']],
    page: 'install.md',
    async run({ values, say }) {
      const { uninstall } = await import('./setup/uninstall');
      return uninstall({ dryRun: isOn(values, 'dry-run'), force: isOn(values, 'force'), root: textOf(values, 'root') ?? '/' }, say);
    },
  },
  {
    name: 'new',
    args: '<name>',
    describe: 'begin a script: the script, its test, and the lines of the dialplan',
    takesSettings: true,
    options: { ts: { type: 'boolean', describe: 'in TypeScript' } },
    examples: [['fastagi new menus/sales', 'menus/sales.js below basedir, and menus/sales.test.js']],
    page: 'first-script.md',
    async run({ values, settings }) {
      const { newScript } = await import('./setup/new-script');
      return newScript({ name: String(values['name']), isTypeScript: isOn(values, 'ts'), settings });
    },
  },
  {
    name: 'listen',
    describe: 'serve calls in workers, on a socket that xinetd, inetd or systemd hands over, or on one of its own',
    takesSettings: true,
    options: {
      host: { type: 'string', array: true, requiresArg: true, describe: 'an address to listen on; may be given several times (127.0.0.1)' },
      port: { type: 'number', requiresArg: true, describe: 'the port (4573)' },
      metrics: { type: 'string', requiresArg: true, describe: 'host:port for Prometheus, health checks and a page ([fastagi] metrics)' },
      'agent-check': { type: 'string', requiresArg: true, describe: 'host:port where HAProxy asks how many more calls could come' },
    },
    examples: [
      ['fastagi listen --host 127.0.0.1 --host ::1', 'on a socket of its own'],
      ['fastagi listen', 'as systemd starts it, or xinetd with wait = yes'],
    ],
    page: 'scaling.md',
    async run({ values, settings }) {
      const { listen } = await import('../serve/listen/listen');
      const hosts = Array.isArray(values['host']) ? values['host'].map(String) : [];
      const port = numberOf(values, 'port');
      const views = { metrics: textOf(values, 'metrics'), agentCheck: textOf(values, 'agent-check') };
      return { status: await listen({ hosts, port }, settings, views) };
    },
  },
  {
    name: 'status',
    describe: 'show how the workers of fastagi listen are: calls, limits, refusals, each worker',
    takesSettings: true,
    options: { json: { type: 'boolean', describe: 'print JSON' } },
    examples: [['fastagi status', 'as root, or as the user of the workers']],
    page: 'scaling.md',
    run: async ({ values, settings }) => (await import('./status')).showStatus(settings, isOn(values, 'json')),
  },
  {
    name: 'async',
    args: '<script>',
    describe: "serve AGI(agi:async) with this script, over Asterisk's manager, as whoever starts it",
    takesSettings: true,
    options: {
      name: { type: 'string', requiresArg: true, describe: 'only calls whose first argument it is: AGI(agi:async,NAME) (all calls)' },
      concurrency: {
        type: 'number',
        requiresArg: true,
        describe: 'so many calls at once; a further one learns FASTAGISTATUS=BUSY (no limit)',
      },
    },
    examples: [['fastagi async menu.js --name menu', 'for AGI(agi:async,menu); [asmanager] says where Asterisk is']],
    page: 'manager.md',
    async run({ values, settings, start }) {
      const { serveScript } = await import('../serve/async-agi/serve-script');
      const which = { name: textOf(values, 'name'), concurrency: numberOf(values, 'concurrency') };
      return { status: await serveScript(String(values['script']), which, settings, start.cleanConsole) };
    },
  },
  ...callCommands,
  {
    name: 'prepare',
    describe: 'make calls begin some ms sooner under this Node; after each update of Node or of fastagi',
    options: {
      bun: {
        type: 'string',
        describe: 'make the program that serves calls by Bun instead; of this Bun, if it is not in the PATH',
        requiresArg: false,
      },
    },
    examples: [
      ['fastagi prepare', 'once, as root'],
      ['fastagi prepare --bun /usr/local/bin/bun', 'for xinetd/fastagi-bun'],
    ],
    page: 'install.md',
    async run({ values }) {
      const bun = textOf(values, 'bun');
      if (bun !== undefined) {
        const program = (await import('./prepare-bun')).prepareBun(bun === '' ? 'bun' : bun);
        return { status: 0, out: [`The program that serves calls by Bun is made: ${program}`] };
      }
      if (isBunProgram())
        throw new ConfigError('FASTAGI_PREPARE', 'prepare: this program is made by Bun, and anew by: fastagi prepare --bun /path/to/bun');
      const files = await (await import('./prepare')).prepareStart();
      return { status: 0, out: files.map((file) => `The start of calls is prepared for Node ${process.version}: ${file}`) };
    },
  },
  {
    name: 'load-check',
    args: '<script> [identity]',
    describe: undefined,
    takesSettings: true,
    async run({ values, settings }) {
      const { loadCheck } = await import('./check/load-check');
      const identity = textOf(values, 'identity');
      const become = identity === undefined ? undefined : (JSON.parse(identity) as Identity);
      return { status: await loadCheck(String(values['script']), settings.basedir ?? '', become) };
    },
  },
  {
    name: 'send-mail',
    args: '<uid>',
    describe: undefined,
    takesSettings: true,
    run: async ({ values }) => (await import('./send-mail')).sendMailFor(Number(values['uid']), String(values['config'])),
  },
];
