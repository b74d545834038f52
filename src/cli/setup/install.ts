import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { FastagiError } from '../../ground/errors';
import { runtimeName } from '../../ground/runtime';
import { printFinding, type Service } from '../services/finding';
import { lookAtListening } from '../doctor/service-checks';
import { findServices } from '../services/services';
import { factsOf } from '../services/system-facts';
import { otherFaults } from '../services/xinetd-files';
import { prepareStart } from '../prepare';
import type { CommandEnd, Terminal } from '../start';
import { apply } from './apply';
import type { Change, Effect } from './change';
import { effectOf } from './effect';
import { findPlan, type Wanted } from './find-plan';
import { changesOf, type Plan } from './plan';
import { onlyAsRoot } from './only-as-root';
import { digestOf, readRecord, writeRecord } from './record';
import { reloadCommands, reloadLine, runAll } from './reload';
import { changeLines } from './show';

export interface InstallOptions extends Wanted {
  /** Shows what would change, and changes nothing. */
  readonly dryRun: boolean;
  /** Does not ask. */
  readonly yes: boolean;
  /** Replaces files that differ; the old ones are saved. */
  readonly force: boolean;
  /** The system to install into: `/`, or a packager's tree, in which nothing is started. */
  readonly root: string;
}

interface Step {
  readonly change: Change;
  readonly effect: Effect;
}

/** `fastagi install`: shows what it would change, asks, changes it, and has the super-server read it. */
export async function install(options: InstallOptions, say: (line: string) => void, terminal: Terminal): Promise<CommandEnd> {
  const { root, force } = options;
  if (!options.dryRun) onlyAsRoot('install', root);
  const services = findServices(root);
  const plan = findPlan(options, services, root);
  const steps = changesOf(plan).map((change) => ({ change, effect: effectOf(change, root) }));
  const isOurs = ownFiles(root);
  const { wanted, kept } = sortOut(steps, force, isOurs);
  say(
    `fastagi for ${plan.superServer}${plan.isForWorkers ? ', in workers' : ''}, scripts below ${plan.basedir}${plan.asterisk.user === undefined ? '' : `, Asterisk's user ${plan.asterisk.user}`}`,
  );
  if (plan.asterisk.user === undefined) say("Asterisk has no user here: the example is root's, and runs as nobody");
  for (const { change, effect } of wanted) for (const line of ['', ...changeLines(change, effect)]) say(line);
  say('');
  for (const { change } of kept) say(`kept: ${change.path} is not as install would write it; --force replaces it, and saves the old one`);
  if (wanted.length === 0) say('All of it is there already.');
  if (options.dryRun) return { status: 0, out: wanted.length > 0 ? ['Nothing was changed (--dry-run).'] : [] };
  if (wanted.length > 0 && !options.yes && !(await isAgreed(terminal)))
    return { status: 100, err: ['fastagi: nothing was changed; --yes does it without asking'] };
  put(wanted, plan, root, isOurs);
  if (root !== '/') return { status: 0, out: [`Installed below ${root}. Nothing was started there.`] };
  await prepareIt(plan, say);
  return begin(
    plan,
    services.some(({ workersStartAs }) => workersStartAs !== undefined),
    say,
  );
}

/** Without it calls are served as well, some ms later. */
async function prepareIt({ superServer, isBun }: Plan, say: (line: string) => void): Promise<void> {
  // That program is what it would make.
  if (isBun) return;
  try {
    const files = await prepareStart();
    writeRecord('/', { superServer, changes: files.map((path) => ({ kind: 'prepared', path })) });
    say(`The start of calls is prepared for ${runtimeName()}.`);
  } catch (error) {
    if (!(error instanceof FastagiError)) throw error;
    say(`warning: ${error.message}`);
  }
}

/** What is to be done, and what stays as somebody else made it. */
function sortOut(steps: readonly Step[], force: boolean, isOurs: (step: Step) => boolean): { wanted: Step[]; kept: Step[] } {
  const isKept = (step: Step): boolean =>
    step.effect.what === 'replaces' && step.change.kind === 'file' && !force && !isOurs(step) && !isSwitchedOff(step);
  const changing = steps.filter(({ effect }) => effect.what !== 'nothing');
  return { wanted: changing.filter((step) => !isKept(step)), kept: changing.filter(isKept) };
}

/** Whether what stands there is what an earlier version put there. */
function ownFiles(root: string): (step: Step) => boolean {
  const ours = new Map((readRecord(root)?.changes ?? []).flatMap((one) => (one.kind === 'file' ? [[one.path, one.digest] as const] : [])));
  return ({ change, effect }) => effect.what === 'replaces' && ours.get(change.path) === digestOf(effect.before);
}

/** Whether it is as a package brings it. */
function isSwitchedOff({ change, effect }: Step): boolean {
  return effect.what === 'replaces' && change.kind === 'file' && (change.others?.includes(effect.before) ?? false);
}

async function isAgreed({ input, output }: Terminal): Promise<boolean> {
  if (!input.isTTY) return false;
  const ask = createInterface({ input, output });
  const answer = await ask.question('Make these changes? [y/N] ');
  ask.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

function put(steps: readonly Step[], { superServer }: Plan, root: string, isOurs: (step: Step) => boolean): void {
  if (steps.length === 0) return;
  const saved = `saved-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`;
  for (const step of steps) {
    const changes = apply(step.change, step.effect, root, isOurs(step) ? undefined : saved);
    writeRecord(root, { superServer, changes });
  }
}

/**
 * Starts the service, unless a mistake in its files would end calls in progress.
 * @param hadWorkers whether workers may have the port, until they have finished their calls
 */
async function begin(plan: Plan, hadWorkers: boolean, say: (line: string) => void): Promise<CommandEnd> {
  const { superServer, basedir, asterisk } = plan;
  const services = findServices().filter((one) => one.superServer === superServer);
  const others = superServer === 'xinetd' ? otherFaults(factsOf()) : [];
  const form = formProblem(plan, services);
  if (form !== undefined) return { status: 100, err: [`fastagi: ${superServer} was not reloaded: ${form}; then install again`] };
  const errors = [...services.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error')), ...others];
  if (errors.length > 0) {
    for (const line of errors.map(printFinding)) say(`error: ${line}`);
    return {
      status: 100,
      err: [`fastagi: ${superServer} was not reloaded: a reload with a mistake ends the calls in progress; mend it, and install again`],
    };
  }
  const commands = reloadCommands(plan);
  if (commands.length === 0) say('systemd does not run here: nothing was started');
  for (const done of runAll(commands)) {
    say(reloadLine(done));
    if (done.problem !== undefined)
      return { status: 111, err: [`fastagi: ${superServer} did not take its files; mend that, and install again`] };
  }
  if (hadWorkers && superServer !== 'systemd' && !(await isTakenOver(services, commands))) {
    const again = commands.at(-1) ?? '';
    return {
      status: 111,
      err: [`fastagi: the workers from before have not finished their calls, and keep the port; when they have: ${again}`],
    };
  }
  return { status: 0, out: nextSteps(services, basedir, asterisk.user) };
}

/** How often, and after how many ms each time, it is looked whether a port is free: calls may go on for `drain` seconds. */
const [tries, pause] = [160, 250];
/** So often in a row the port has to be the super-server's: at first it still has the socket from before, as it reads its files a moment later. */
const enough = 8;

/** Has a super-server read its files again until it has the port that its workers had. */
async function isTakenOver(services: readonly Service[], commands: readonly string[]): Promise<boolean> {
  for (let left = tries, inARow = 0; left > 0; left--) {
    const isTheirs = lookAtListening({ services }).every(({ state }) => state === 'ok');
    inARow = isTheirs ? inARow + 1 : 0;
    if (inARow === enough) return true;
    await sleep(pause);
    // Time for it to have taken the port: one that was refused does not try again by itself.
    if (!isTheirs && left % 4 === 0) runAll(commands);
  }
  return false;
}

/** What keeps workers from being started, and is for a person to mend. */
function formProblem({ superServer }: Plan, services: readonly Service[]): string | undefined {
  if (superServer === 'inetd' && services.length > 1) {
    const lines = services.map(({ line }) => line).join(', ');
    return `lines ${lines} of /etc/inetd.conf start fastagi at the same port: take out the one of the other form`;
  }
  return undefined;
}

function nextSteps(services: readonly Service[], basedir: string, user: string | undefined): string[] {
  const port = services[0]?.listens[0]?.port ?? 4573;
  return [
    '',
    'Installed. In the dialplan:',
    `    exten => _X.,1,AGI(agi://127.0.0.1${port === 4573 ? '' : `:${port}`}/test-agi)`,
    `Scripts go to ${basedir}${user === undefined ? '' : `, owned by whom they run as: chown ${user}: SCRIPT`}. What is wrong, if something is: fastagi doctor`,
  ];
}
