import { printServer } from '../../manager/wire/server-address';
import { factsOf } from '../services/system-facts';
import { isLoopback, printFinding, type Place, type Service } from '../services/finding';
import { reloadCommands } from '../setup/reload';
import { changedAt, listenersAt, type Listener } from './listening';
import { isOnThisMachine } from './addresses';
import { ok, warning, wrong, type Check, type Patient, type Result } from './diagnosis';

/** What starts fastagi for a call. */
export const serviceChecks: readonly Check[] = [
  { name: 'port', run: lookAtPort },
  { name: 'service', run: lookAtService },
  { name: 'listening', run: lookAtListening },
  { name: 'reach', run: lookAtReach },
];

/** Whether the name that xinetd and inetd look up has a port. */
function lookAtPort({ services }: Patient): Result[] {
  const named = services.filter(({ superServer, listens }) => superServer !== 'systemd' && listens.length > 0);
  const port = factsOf().portOf('fastagi');
  if (port !== undefined) return [ok(`/etc/services: fastagi is port ${port}`)];
  if (named.length > 0 || services.every(({ superServer }) => superServer === 'systemd')) return [ok('/etc/services is not needed')];
  return [wrong("fastagi does not stand in /etc/services: echo 'fastagi\t\t4573/tcp' >> /etc/services")];
}

function lookAtService({ services }: Patient): Result[] {
  if (services.length === 0) return [wrong('neither xinetd nor inetd nor systemd starts fastagi: fastagi install')];
  return services.flatMap(({ superServer, name, file, isOffered, listens, runtime, findings }) => [
    ...(isOffered
      ? [
          ok(
            `${superServer} offers ${name} at ${listens.map(printPlace).join(' and ')} (${file})${runtime === undefined ? '' : `, served by ${runtime}`}`,
          ),
        ]
      : []),
    ...findings.map((finding) => (finding.level === 'error' ? wrong : warning)(printFinding(finding))),
  ]);
}

/** Whether the super-server does what its files say, and since when it does. */
export function lookAtListening({ services }: Pick<Patient, 'services'>): Result[] {
  const offered = services.filter(({ isOffered }) => isOffered);
  if (offered.length === 0) return [wrong('nobody listens for calls, as no service is offered: see above')];
  return offered.flatMap((service) => service.listens.map((place) => lookAtPlace(service, place)));
}

function lookAtPlace({ superServer, name, file }: Service, place: Place): Result {
  const remedy = reloadCommands({ superServer, isForWorkers: name === 'fastagi-workers.socket' }).at(-1) ?? `start ${superServer}`;
  const all = listenersAt(place.port);
  const there = all.find(({ host }) => isSamePlace(host, place.host));
  if (there)
    return isTheirs(there, superServer) ? ok(`${printListener(there)} listens at ${printPlace(place)}`) : wrong(inTheWay(there, place));
  const [other] = all;
  if (other && !isTheirs(other, superServer)) return wrong(inTheWay(other, place));
  const changed = changedAt(file)?.toISOString().slice(0, 16).replace('T', ' ');
  if (other)
    return wrong(
      `${printListener(other)} listens at ${printPlace({ host: other.host, port: other.port })}, not at ${printPlace(place)}, as ${file} says since ${changed}: ${remedy}`,
    );
  return wrong(
    `nobody listens at ${printPlace(place)}, though ${file} says so: ${superServer} does not run, or has not read it: ${remedy}`,
  );
}

/** systemd holds the sockets itself. What may not be looked at is somebody's. */
function isTheirs({ process: holder }: Listener, superServer: Service['superServer']): boolean {
  return holder === undefined || holder.name === superServer || (superServer === 'inetd' && holder.name === 'inetutils-inetd');
}

function inTheWay(there: Listener, place: Place): string {
  return `port ${place.port} is taken by ${printListener(there)}: stop that, or give fastagi another port`;
}

function isSamePlace(host: string, wanted: string | undefined): boolean {
  const everywhere = ['0.0.0.0', '::'];
  if (everywhere.includes(host)) return wanted === undefined || everywhere.includes(wanted);
  return host === (wanted === 'localhost' ? '127.0.0.1' : wanted);
}

function printListener({ process: holder }: Listener): string {
  if (!holder) return 'a process of another user';
  return `${holder.name} (process ${holder.pid}, since ${holder.since.toISOString().slice(0, 16).replace('T', ' ')})`;
}

export function printPlace({ host, port }: Place): string {
  if (host === undefined) return `port ${port} of all addresses`;
  return printServer(host, port);
}

/** Whether Asterisk, if it is on another machine, reaches the port. */
async function lookAtReach({ services, settings }: Patient): Promise<Result[]> {
  const places = services.filter(({ isOffered }) => isOffered).flatMap(({ listens }) => listens);
  if (places.length === 0) return [];
  if (await isOnThisMachine(settings.asmanager.server)) return [ok('Asterisk is on this machine, as [asmanager] server says')];
  if (places.some(({ host }) => host === undefined || !isLoopback(host)))
    return [ok(`Asterisk at ${settings.asmanager.server} can reach ${printPlace(places[0] as Place)}`)];
  const what = `Asterisk is at ${settings.asmanager.server}, and fastagi listens at ${places.map(printPlace).join(' and ')} only`;
  return [
    wrong(
      `${what}: name an address of this machine in the service file (bind, ListenStream), and Asterisk's in only_from or [fastagi] allow`,
    ),
  ];
}
