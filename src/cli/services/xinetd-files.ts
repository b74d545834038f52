import { dirname, join } from 'node:path';
import type { Finding, Service } from './finding';
import { listOr, readOr } from './system-facts';
import type { SystemFacts } from './system-facts';
import { disablingFaults, isOurs, judgeService } from './xinetd-service';
import { parseXinetd, type XinetdEntry, type XinetdText } from './xinetd-text';

interface ReadFile extends XinetdText {
  readonly file: string;
  /** Whether fastagi is spoken of at all. */
  readonly isAboutUs: boolean;
}

/** How deep files may include one another. */
const deepest = 8;

/** The services of xinetd that start fastagi, or are meant to; its files are read as it reads them. @param root the system's */
export function xinetdServices(facts: SystemFacts, root = '/'): Service[] {
  const { files, passedOver } = readFiles(root);
  const defaults = files.flatMap(({ entries }) => entries).find(({ name }) => name === undefined);
  const services = files.flatMap(({ file, isAboutUs, entries, faults }) => [
    ...entries.filter((entry) => entry.name !== undefined && isOurs(entry)).map((entry) => serviceOf(file, entry, defaults, facts)),
    ...(isAboutUs ? faults.map((fault) => lost(file, fault)) : []),
  ]);
  // Beside one that is read they are copies of it.
  return [...services, ...(services.length === 0 ? passedOver.map(hidden) : []), ...twice(services)];
}

/** Mistakes in services of others: a reload ends what xinetd has running for them. @param root the system's */
export function otherFaults(facts: SystemFacts, root = '/'): Finding[] {
  return readFiles(root).files.flatMap(({ file, isAboutUs, entries, faults }) =>
    [
      ...entries.filter((entry) => entry.name !== undefined && !isOurs(entry)).flatMap((entry) => disablingFaults(entry, facts)),
      ...(isAboutUs ? [] : faults),
    ].map((fault) => ({ level: fault.level, file, line: fault.line, what: fault.what, remedy: fault.remedy })),
  );
}

function serviceOf(file: string, entry: XinetdEntry, defaults: XinetdEntry | undefined, facts: SystemFacts): Service {
  const { faults, ...judged } = judgeService(entry, defaults, facts);
  const findings = faults.map((fault) => ({ ...fault, file }));
  return { superServer: 'xinetd', name: entry.name ?? '', file, line: entry.line, ...judged, findings };
}

/** A mistake that costs the whole entry. */
function lost(file: string, { service, ...fault }: XinetdText['faults'][number]): Service {
  const { line } = fault;
  return nothing(file, service ?? 'fastagi', line, { ...fault, what: `${fault.what}: xinetd passes the service over`, file });
}

function nothing(file: string, name: string, line: number | undefined, finding: Finding): Service {
  return { superServer: 'xinetd', name, file, line, isOffered: false, isSwitchedOff: false, listens: [], findings: [finding] };
}

function hidden(file: string): Service {
  const what = 'xinetd does not read files whose names hold a dot or end in ~';
  return nothing(file, 'fastagi', undefined, {
    level: 'error',
    file,
    line: undefined,
    what,
    remedy: `mv ${file} ${join(dirname(file), 'fastagi')}`,
  });
}

/** Of two services on one port the second cannot begin; xinetd tries that for half a minute, and answers nobody meanwhile. */
function twice(services: readonly Service[]): Service[] {
  const offered = services.filter(({ isOffered }) => isOffered);
  return offered
    .filter((one, index) => offered.slice(0, index).some((other) => other.listens[0]?.port === one.listens[0]?.port))
    .map(({ file, name, line, listens }) => {
      const what = `another service has port ${listens[0]?.port} already`;
      return nothing(file, name, line, { level: 'error', file, line, what, remedy: 'take one of them out' });
    });
}

function readFiles(root: string): { files: ReadFile[]; passedOver: string[] } {
  const files: ReadFile[] = [];
  const passedOver: string[] = [];
  const read = (file: string, depth: number): void => {
    const bytes = readOr(join(root, file));
    const text = parseXinetd(bytes);
    files.push({ ...text, file, isAboutUs: bytes.split('\n').some((line) => (line.split('#')[0] ?? '').includes('fastagi')) });
    if (depth >= deepest) return;
    for (const { isDirectory, path } of text.includes) {
      if (!isDirectory) read(path, depth + 1);
      else
        for (const name of listOr(join(root, path))) {
          const inside = join(path, name);
          if (!/\.|~$/.test(name)) read(inside, depth + 1);
          else if (parseXinetd(readOr(join(root, inside))).entries.some(isOurs)) passedOver.push(inside);
        }
    }
  };
  read('/etc/xinetd.conf', 0);
  return { files, passedOver };
}
