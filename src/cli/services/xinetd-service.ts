import { commandFaults, namesFastagi, runtimeOf } from './command-words';
import { formFault, formProblem, isLoopback, type Fault, type Place } from './finding';
import type { SystemFacts } from './system-facts';
import { judgeAttribute } from './xinetd-attributes';
import type { XinetdEntry } from './xinetd-text';

/** What xinetd makes of an entry. */
export interface XinetdService {
  readonly isOffered: boolean;
  readonly isSwitchedOff: boolean;
  readonly listens: readonly Place[];
  readonly workersStartAs?: string | undefined;
  readonly runtime?: string | undefined;
  readonly faults: readonly Fault[];
}

/** Whether an entry starts fastagi, or is meant to. */
export function isOurs({ name, attributes }: XinetdEntry): boolean {
  return name === 'fastagi' || namesFastagi(attributes.filter((one) => one.name.startsWith('server')).flatMap(({ values }) => values));
}

/** @param defaults the `defaults` entry, if there is one */
export function judgeService(entry: XinetdEntry, defaults: XinetdEntry | undefined, facts: SystemFacts): XinetdService {
  const { taken, faults, isDisabled, unusable } = takeAttributes(entry, facts);
  const { line } = entry;
  const valuesOf = (name: string): readonly string[] => taken.get(name)?.values ?? [];
  const word = (name: string): string | undefined => valuesOf(name)[0]?.toLowerCase();
  const wrong = (level: Fault['level'], name: string, what: string, remedy: string): void => {
    // What is wrong with its line has been said.
    if (!unusable.has(name)) faults.push({ level, line: taken.get(name)?.line ?? line, what, remedy });
  };

  const isSwitchedOff = word('disable') === 'yes';
  // Until it is mended there is no more to say.
  if (isDisabled) return { isOffered: false, isSwitchedOff, listens: [], faults };
  let isOffered = true;
  const never = (...[name, what, remedy]: [string, string, string]): void => {
    isOffered = false;
    wrong('error', name, what, remedy);
  };
  for (const name of ['wait', 'user', 'server'])
    if (!taken.has(name)) never(name, `${name} is not set`, `add: ${name} = ${usual[name] ?? facts.program}`);
  if (isSwitchedOff) never('disable', 'the service is disabled', 'write: disable = no');
  if (isListed(defaults, 'disabled', entry)) never('', 'the defaults of xinetd disable it', 'take it out of `disabled` there');
  if (isListed(defaults, 'enabled', entry, false)) never('', 'the defaults of xinetd enable others only', 'add it to `enabled` there');
  if (word('protocol') === 'udp' || word('socket_type') === 'dgram')
    wrong('error', 'socket_type', 'Asterisk comes by TCP', 'write: socket_type = stream, protocol = tcp');
  const handsSocket = word('wait') === 'yes';
  const form = formFault(handsSocket, argsOf(valuesOf), { socket: 'wait = yes', call: 'wait = no' });
  if (form !== undefined && taken.has('wait')) wrong('error', 'wait', formProblem(handsSocket), form);

  const port = portOf(entry, valuesOf('type'), valuesOf('port')[0], facts, never);
  if (taken.has('server')) faults.push(...commandFaults([...valuesOf('server'), ...argsOf(valuesOf)], taken.get('server')?.line, facts));
  const user = word('user');
  if (!handsSocket && user !== undefined && user !== 'root' && user !== '0')
    wrong('warning', 'user', `each script runs as ${user}, not as its owner`, 'write: user = root, unless you want that');
  // Of the calls of workers xinetd sees and counts none.
  if (!handsSocket) addLimits(valuesOf, (name) => defaults?.attributes.find((one) => one.name === name)?.values ?? [], wrong);
  addReach(taken, handsSocket, wrong);
  const host = valuesOf('bind')[0] ?? valuesOf('interface')[0];
  const listens = port === undefined ? [] : [{ host, port }];
  const runtime = runtimeOf([...valuesOf('server'), ...argsOf(valuesOf)], facts);
  return { isOffered, isSwitchedOff, listens, workersStartAs: handsSocket ? user : undefined, runtime, faults };
}

/** What keeps xinetd from offering a service, of its single settings. */
export function disablingFaults(entry: XinetdEntry, facts: SystemFacts): Fault[] {
  return takeAttributes(entry, facts).faults.filter(({ level }) => level === 'error');
}

const usual: Readonly<Record<string, string>> = { wait: 'no', user: 'root' };

interface Taken {
  readonly taken: ReadonlyMap<string, { readonly values: readonly string[]; readonly line: number }>;
  readonly faults: Fault[];
  readonly isDisabled: boolean;
  /** Set in vain. */
  readonly unusable: ReadonlySet<string>;
}

function takeAttributes({ attributes }: XinetdEntry, facts: SystemFacts): Taken {
  const taken = new Map<string, { values: readonly string[]; line: number }>();
  const faults: Fault[] = [];
  const unusable = new Set<string>();
  let isDisabled = false;
  for (const attribute of attributes) {
    const { name, line, values } = attribute;
    const judged = judgeAttribute(attribute, taken.has(name), facts);
    if (judged.what === 'taken') {
      taken.set(name, { line, values: attribute.operator === '-=' ? [] : [...(taken.get(name)?.values ?? []), ...values] });
      continue;
    }
    if (!taken.has(name)) unusable.add(name);
    isDisabled ||= judged.what === 'disables';
    const level = judged.what === 'disables' ? 'error' : 'warning';
    const effect = name === 'bind' && values.length === 0 ? ', so that it listens on all addresses' : '';
    faults.push({ level, line, what: `${name}: ${judged.why}${effect}`, remedy: judged.remedy });
  }
  return { taken, faults, isDisabled, unusable };
}

function isListed(defaults: XinetdEntry | undefined, name: string, entry: XinetdEntry, wanted = true): boolean {
  const list = defaults?.attributes.find((one) => one.name === name);
  const id = entry.attributes.find((one) => one.name === 'id')?.values[0] ?? entry.name ?? '';
  return list !== undefined && list.values.includes(id) === wanted;
}

type Wrong = (level: Fault['level'], name: string, what: string, remedy: string) => void;

function portOf(
  { name = '' }: XinetdEntry,
  types: readonly string[],
  given: string | undefined,
  { portOf: registered }: SystemFacts,
  never: (name: string, what: string, remedy: string) => void,
): number | undefined {
  const own = given === undefined ? undefined : Number(given);
  if (types.some((type) => type.toLowerCase() === 'unlisted')) {
    if (own === undefined) never('port', 'a service of type UNLISTED needs a port', 'add: port = 4573');
    return own;
  }
  const listed = registered(name);
  if (listed === undefined) {
    const line = `${name}\t\t${own ?? 4573}/tcp`;
    never(
      'port',
      `${name} does not stand in /etc/services`,
      `add the line there: echo '${line}' >> /etc/services; or add here: type = UNLISTED, port = 4573`,
    );
  } else if (own !== undefined && own !== listed) {
    never('port', `/etc/services has port ${listed} for ${name}`, `write: port = ${listed}, or add: type = UNLISTED`);
  }
  return own ?? listed;
}

/** What xinetd gives the program as its arguments. */
function argsOf(valuesOf: (name: string) => readonly string[]): readonly string[] {
  const args = valuesOf('server_args');
  return valuesOf('flags').some((flag) => /^nameinargs|namedinargs$/i.test(flag)) ? args.slice(1) : args;
}

/** Limits of xinetd's own that lose calls. */
function addLimits(valuesOf: (name: string) => readonly string[], defaultOf: (name: string) => readonly string[], wrong: Wrong): void {
  const cps = valuesOf('cps').length > 0 ? valuesOf('cps') : defaultOf('cps');
  const [most = '50', pause = '10'] = cps;
  if (Number(most) < 200 && Number(pause) > 1) {
    const what = `more than ${most} calls a second, and xinetd takes none for ${pause} s`;
    wrong('warning', 'cps', what, 'write: cps = 1000 1');
  }
  const instances = valuesOf('instances')[0] ?? defaultOf('instances')[0];
  if (instances === undefined || /^unlimited$/i.test(instances))
    wrong('warning', 'instances', 'nothing limits how many calls run at once', 'write: instances = 500');
  if (!valuesOf('flags').some((flag) => /^nodelay$/i.test(flag)))
    wrong('warning', 'flags', 'each command may wait for the one before it', 'write: flags = NODELAY KEEPALIVE');
  if (valuesOf('passenv').length === 0)
    wrong(
      'warning',
      'passenv',
      'the program gets the environment of xinetd; a NODE_OPTIONS there would change it',
      'write: passenv = PATH',
    );
}

/** Who can reach the port, which has no authentication. */
function addReach(taken: Taken['taken'], handsSocket: boolean, wrong: Wrong): void {
  const onlyFrom = handsSocket ? undefined : taken.get('only_from');
  if (onlyFrom?.values.length === 0) {
    wrong('error', 'only_from', 'an empty list lets nobody call', 'write: only_from = 127.0.0.1, or the addresses of your Asterisks');
  }
  const host = (taken.get('bind') ?? taken.get('interface'))?.values[0];
  const isLocal = host !== undefined && isLoopback(host);
  if (!isLocal && !onlyFrom)
    wrong(
      'warning',
      'bind',
      'everybody who reaches this machine can run your scripts',
      handsSocket
        ? 'write: bind = 127.0.0.1 if Asterisk runs here; else name it in [fastagi] allow of phpagi.conf'
        : 'add: only_from = 127.0.0.1, or the addresses of your Asterisks; bind = 127.0.0.1 if it runs here',
    );
}
