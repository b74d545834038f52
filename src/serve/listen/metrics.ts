import { refusals, type ShownState, type Status, type StatusSource } from './status';
import { bounds, type Histogram } from './histogram';
import type { ExitReason } from './messages';
import type { RefusalReason } from './refusal';

/** What has not happened yet is there as well: Prometheus cannot see that something which was not there has grown. */
const noRefusals: Record<RefusalReason, number> = { max_calls: 0, max_calls_per_peer: 0, stalled: 0, draining: 0 };
const noExits: Record<ExitReason, number> = { calls: 0, memory: 0, changed: 0, retired: 0, died: 0, stalled: 0 };
const noWorkers: Record<Exclude<ShownState, 'gone'>, number> = { starting: 0, serving: 0, worn: 0, retiring: 0, 'held up': 0 };

/** Everything as Prometheus reads it. No label holds what a caller or the network chose. @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsText(status: Status, source: Pick<StatusSource, 'figures' | 'refusedByPorter'>): string {
  const { figures } = source;
  const { calls, workers, acceptQueue } = status;
  const states = countsOf(workers.all.map(({ state }) => state));
  const delay = Math.max(0, ...workers.all.map((worker) => worker.delay ?? 0)) / 1000;
  return [
    family('fastagi_build_info', 'gauge', 'The version that runs; always 1.', [[{ version: status.version, node: status.node }, 1]]),
    family('fastagi_calls_total', 'counter', 'Calls that ended, by script and FASTAGISTATUS.', [...figures.calls].map(callSample)),
    family('fastagi_calls_active', 'gauge', 'Calls and connections at this moment.', [[{}, calls.now]]),
    family('fastagi_calls_limit', 'gauge', 'max_calls.', [[{}, calls.limit]]),
    family(
      'fastagi_calls_refused_total',
      'counter',
      'Calls that got FASTAGISTATUS=BUSY, by reason.',
      labelled('reason', { ...noRefusals, ...refusals(source) }),
    ),
    family('fastagi_slow_calls_total', 'counter', 'Times that a call computed for longer than slow_call in one go.', [
      [{}, figures.slowCalls],
    ]),
    histogram('fastagi_call_duration_seconds', 'From the connection to the close.', bounds.call, [[{}, figures.durations]]),
    histogram('fastagi_first_command_seconds', 'From the connection to the first command.', bounds.first, [[{}, figures.firstCommands]]),
    histogram(
      'fastagi_command_duration_seconds',
      'From a command to its answer.',
      bounds.command,
      [...figures.commands].map(([command, one]) => [{ command }, one]),
    ),
    family('fastagi_workers', 'gauge', 'Workers, by state.', labelled('state', { ...noWorkers, ...states })),
    family(
      'fastagi_worker_exits_total',
      'counter',
      'Workers that ended, by reason.',
      labelled('reason', { ...noExits, ...Object.fromEntries(figures.exits) }),
    ),
    family('fastagi_event_loop_delay_seconds', 'gauge', 'How much later than it should an event loop went round, at most.', [[{}, delay]]),
    family('fastagi_accept_queue', 'gauge', 'Connections that wait to be accepted.', [[{}, acceptQueue.now]]),
    family('fastagi_listen_overflows_total', 'counter', 'Connections that the kernel turned away, on all sockets of this machine.', [
      [{}, acceptQueue.overflows],
    ]),
    family('fastagi_draining', 'gauge', '1 while the service ends, and takes no calls.', [[{}, status.state === 'draining' ? 1 : 0]]),
  ].join('');
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

function family(name: string, type: 'counter' | 'gauge' | 'histogram', help: string, samples: readonly Sample[], suffix = ''): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map(([labels, value]) => sampleLine(`${name}${suffix}`, labels, value)).join('')}`;
}

function histogram(name: string, help: string, of: readonly number[], all: readonly (readonly [Labels, Histogram])[]): string {
  const lines = all.flatMap(([labels, { counts, sum }]) => {
    let below = 0;
    const buckets = [...of.map(String), '+Inf'].map((le, at) =>
      sampleLine(`${name}_bucket`, { ...labels, le }, (below += counts[at] ?? 0)),
    );
    return [...buckets, sampleLine(`${name}_sum`, labels, sum), sampleLine(`${name}_count`, labels, below)];
  });
  return `${family(name, 'histogram', help, [])}${lines.join('')}`;
}

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function callSample([key, count]: readonly [string, number]): Sample {
  const [script = '', status = ''] = key.split('\0');
  return [{ script, status }, count];
}

function labelled(label: string, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
