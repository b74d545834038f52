import { commandFaults, namesFastagi, runtimeOf } from './command-words';
import { formFault, formProblem, type Finding, type Place, type Service } from './finding';
import { isEnabled, readUnit, unitNames, type PlacedSetting, type Unit } from './unit-files';
import type { SystemFacts } from './system-facts';

/** The sockets of systemd that start fastagi, or are meant to. @param root the system's */
export function systemdServices(facts: SystemFacts, root = '/'): Service[] {
  return unitNames('.socket', root).flatMap((name) => {
    const socket = readUnit(name, root);
    const enabled = isEnabled(name, root);
    // What a package brings is not a service before somebody wants it.
    if (!socket || !(enabled || socket.file.startsWith('/etc/'))) return [];
    const service = readUnit(serviceNameOf(socket), root);
    const isOurs =
      ['fastagi.socket', 'fastagi-workers.socket'].includes(name) || (service !== undefined && namesFastagi(commandOf(service).words));
    return isOurs ? [judgeSocket(socket, service, enabled, facts)] : [];
  });
}

/** Where an address of ListenStream is; undefined for a path. */
export function parseListen(value: string): Place | undefined {
  const [, bracketed, plain, port] = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d+)$/.exec(value) ?? [];
  return port === undefined ? undefined : { host: bracketed ?? plain, port: Number(port) };
}

function serviceNameOf(socket: Unit): string {
  const base = socket.name.slice(0, -'.socket'.length);
  return socket.last('Socket', 'Service')?.value ?? (isAccepting(socket) ? `${base}@.service` : `${base}.service`);
}

function isAccepting(socket: Unit): boolean {
  return /^(?:1|yes|y|true|t|on)$/i.test(socket.last('Socket', 'Accept')?.value ?? '');
}

/** The program of a service and its arguments, without the marks that may stand before it. */
function commandOf(service: Unit): { words: readonly string[]; setting: PlacedSetting | undefined } {
  const setting = service.last('Service', 'ExecStart');
  const words = [...(setting?.value.replace(/^[@:+!-]+/, '') ?? '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)];
  return { setting, words: words.map(([, double, single, plain]) => double ?? single ?? plain ?? '') };
}

function judgeSocket(socket: Unit, service: Unit | undefined, enabled: boolean, facts: SystemFacts): Service {
  const findings: Finding[] = [];
  const note = (level: Finding['level'], unit: Unit, what: string, remedy: string, place?: PlacedSetting): void => {
    findings.push({ level, file: place?.file ?? unit.file, line: place?.line, what, remedy });
  };
  for (const unit of [socket, service])
    for (const { file, line, text } of unit?.stray ?? [])
      findings.push({
        level: 'warning',
        file,
        line,
        what: `systemd passes ${JSON.stringify(text)} over`,
        remedy: 'write NAME=VALUE below a [Section]',
      });
  const accept = socket.last('Socket', 'Accept');
  const handsSocket = !isAccepting(socket);
  const form = formFault(handsSocket, service ? commandOf(service).words : [], {
    socket: 'Accept=no in [Socket]',
    call: 'Accept=yes in [Socket]',
  });
  if (form !== undefined) note('error', socket, formProblem(handsSocket), form, accept);
  if (!service)
    note(
      'error',
      socket,
      `there is no ${serviceNameOf(socket)}`,
      'copy it from the systemd directory of fastagi: fastagi install --for systemd',
    );
  const places = socket.all('Socket', 'ListenStream');
  if (places.length === 0) note('error', socket, 'it listens nowhere', 'write in [Socket]: ListenStream=127.0.0.1:4573');
  if (!enabled) note('warning', socket, 'it does not start with the machine', `systemctl enable --now ${socket.name}`);
  const listens = places.flatMap(({ value }) => parseListen(value) ?? []);
  if (listens.some(({ host }) => host === undefined || host === '0.0.0.0' || host === '::')) {
    const remedy = 'write ListenStream=127.0.0.1:4573 if Asterisk runs here; else name it in [fastagi] allow of phpagi.conf';
    note(
      'warning',
      socket,
      'everybody who reaches this machine can run your scripts, unless [fastagi] allow names who may call',
      remedy,
      places[0],
    );
  }
  const limit = socket.last('Socket', 'TriggerLimitIntervalSec');
  if (!/^0\D*$/.test(limit?.value ?? ''))
    note(
      'warning',
      socket,
      'some hundred calls within two seconds stop the socket for good',
      'write in [Socket]: TriggerLimitIntervalSec=0',
      limit,
    );
  const most = socket.last('Socket', 'MaxConnections');
  if (!most && !handsSocket) note('warning', socket, 'more than 64 calls at once are refused', 'write in [Socket]: MaxConnections=500');
  if (service) judgeCommand(service, note, facts, findings);
  if (service && !handsSocket) judgeCall(service, note);
  return {
    superServer: 'systemd',
    name: socket.name,
    file: socket.file,
    line: undefined,
    isSwitchedOff: false,
    isOffered: !findings.some(({ level }) => level === 'error'),
    listens,
    runtime: service && runtimeOf(commandOf(service).words, facts),
    workersStartAs: handsSocket ? (service?.last('Service', 'User')?.value ?? 'root') : undefined,
    findings,
  };
}

type Note = (level: Finding['level'], unit: Unit, what: string, remedy: string, place?: PlacedSetting) => void;

function judgeCommand(service: Unit, note: Note, facts: SystemFacts, findings: Finding[]): void {
  const { words, setting } = commandOf(service);
  if (words.length === 0) note('error', service, 'it starts nothing', `write in [Service]: ExecStart=${facts.program}`, setting);
  else findings.push(...commandFaults(words, setting?.line, facts).map((fault) => ({ ...fault, file: setting?.file ?? service.file })));
}

/** What a call needs that comes on the standard descriptors. */
function judgeCall(service: Unit, note: Note): void {
  const input = service.last('Service', 'StandardInput');
  if (input?.value !== 'socket')
    note('error', service, 'the call does not reach the program', 'write in [Service]: StandardInput=socket, StandardOutput=socket', input);
  const output = service.last('Service', 'StandardOutput');
  if (output && !['socket', 'inherit'].includes(output.value))
    note('error', service, 'what fastagi says does not reach Asterisk', 'write in [Service]: StandardOutput=socket', output);
  const user = service.last('Service', 'User');
  if (user && user.value !== 'root' && user.value !== '0')
    note('warning', service, `each script runs as ${user.value}, not as its owner`, 'write: User=root, unless you want that', user);
}
