import { join } from 'node:path';
import { commandFaults, namesFastagi, runtimeOf } from './command-words';
import { formFault, formProblem, type Fault, type Service } from './finding';
import { readOr } from './system-facts';
import type { SystemFacts } from './system-facts';

const file = '/etc/inetd.conf';
/** What inetd takes a minute unless the line says otherwise. */
const usualRate = 256;

/** The lines of inetd.conf that start fastagi. @param root the system's @see inetd.conf(5) */
export function inetdServices(facts: SystemFacts, root = '/'): Service[] {
  return readOr(join(root, file))
    .split('\n')
    .flatMap((text, index) => {
      const words = text.split(/\s+/).filter((word) => word !== '');
      if (words[0]?.startsWith('#') || !namesFastagi(words.map((word) => word.replace(/^.*:/, '')))) return [];
      return [judgeLine(words, index + 1, facts)];
    });
}

/** `[HOST:]SERVICE SOCKET PROTOCOL WAIT[.RATE] USER PROGRAM ARGV0 ARGUMENTS`. */
function judgeLine(words: readonly string[], line: number, facts: SystemFacts): Service {
  const [place = '', socket, protocol = '', wait = '', user = '', program = '', , ...args] = words;
  const [, host, name = ''] = /^(?:(.*):)?([^:]*)$/.exec(place) ?? [];
  const faults: Fault[] = [];
  const wrong = (level: Fault['level'], what: string, remedy: string): void => void faults.push({ level, line, what, remedy });
  const port = /^\d+$/.test(name) ? Number(name) : facts.portOf(name);
  if (words.length < 7)
    wrong(
      'error',
      `the line has ${words.length} words, and needs 7`,
      `write: fastagi stream tcp nowait.1000 root ${facts.program} fastagi`,
    );
  else {
    if (port === undefined)
      wrong('error', `${name} does not stand in /etc/services`, `add the line there: echo '${name}\t\t4573/tcp' >> /etc/services`);
    if (socket !== 'stream' || !protocol.startsWith('tcp')) wrong('error', 'Asterisk comes by TCP', 'write: stream tcp');
    const [, how, rate = usualRate] = /^([a-z]+)[.:]?(\d+)?/.exec(wait) ?? [];
    const handsSocket = how === 'wait';
    const form = formFault(handsSocket, args, { socket: 'wait', call: 'nowait.1000' });
    if (form !== undefined) wrong('error', formProblem(handsSocket), form);
    else if (!handsSocket && Number(rate) < 1000)
      wrong('warning', `more than ${rate} calls a minute, and inetd takes none for ten`, 'write: nowait.1000');
    const [who = ''] = user.split(/[.:]/);
    if (!facts.isUser(who)) wrong('error', `${who} is no user of this machine`, 'correct it');
    else if (who !== 'root' && !handsSocket)
      wrong('warning', `each script runs as ${who}, not as its owner`, 'write root, unless you want that');
    if (host === undefined || host === '*') {
      const remedy = 'write 127.0.0.1:fastagi, or name in [fastagi] allow of phpagi.conf who may call';
      wrong('warning', 'everybody who reaches this machine can run your scripts, unless [fastagi] allow names who may call', remedy);
    }
    faults.push(...commandFaults([program, ...args], line, facts));
  }
  return {
    superServer: 'inetd',
    name,
    file,
    line,
    isSwitchedOff: false,
    isOffered: !faults.some(({ level }) => level === 'error'),
    runtime: runtimeOf([program, ...args], facts),
    workersStartAs: wait.startsWith('wait') ? user.split(/[.:]/)[0] : undefined,
    listens: port === undefined ? [] : [{ host: host === '*' ? undefined : host?.replace(/^\[(.*)\]$/, '$1'), port }],
    findings: faults.map((fault) => ({ ...fault, file })),
  };
}
