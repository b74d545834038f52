import { createChannel, type Channel } from '../agi/channel';
import { requestArguments } from '../agi/wire/request';
import { HangupError } from '../ground/errors';
import { hiding } from '../ground/log';
import type { Secrets } from '../ground/secrets';
import { createLastLines, type LastLines } from '../tape/last-lines';
import type { Tap } from '../tape/tap';
import { createCallAgi, type Agi } from './agi';
import type { Call } from './call';
import { callAudio, type CallAudio } from './call-audio';
import type { Connection } from './connection';
import { createEnding, type Ending } from './ending';
import type { Contained } from './host';
import { outcomeOf, success } from './outcome';
import type { Recording } from './record/recording';
import type { Received } from './receive-request';
import { reportOutcome } from './report';
import { tapped } from './tapped';

/** A call that is about to run a script. */
export interface Run extends Contained {
  readonly call: Call;
  readonly received: Received;
  /** What was asked for. */
  readonly name: string;
  readonly agi: Agi;
  readonly ending: Ending;
  readonly liveAudio: CallAudio;
  /** The call's, while it is watched. */
  readonly connection: Connection;
  readonly lines: LastLines;
  /** Who watches the connection; may become more, and fewer. */
  readonly taps: Tap[];
  readonly secrets: Secrets;
}

/**
 * Gives the connection to a channel, and makes what a script is given.
 * @param recording writes it down
 */
export function beginRun(call: Call, received: Received, secrets: Secrets, recording?: Recording): Run {
  const { kind, host, afterwards } = call;
  const { request, environment, rest, problem } = received;
  const name = kind.nameOf(request);
  const label = secrets.hide(`${request['agi_channel'] ?? 'unknown channel'} ${name}`);
  const log = hiding(host.log(label), secrets);
  const ending = createEnding(host.settings.fastagi.hangupGrace, log);
  const lines = createLastLines();
  const taps: Tap[] = recording ? [lines, recording.tap] : [lines];
  const connection = tapped(call.connection, taps);
  const watcher = { hungUp: () => ending.limit('the caller hung up'), failed: ending.breakWith };
  const channel = createChannel(connection, watcher, [request['agi_channel'], request['agi_uniqueid']]);
  const receiver = { receive: channel.receive, end: channel.end, lost: channel.lose };
  connection.attach(receiver);
  if (rest !== '') receiver.receive(rest);
  // The rest of it is still to come, and is passed over before anything is reported.
  if (problem) channel.fail(problem);
  kind.watchHangup?.(channel);
  const liveAudio = callAudio(channel, () => connection.local?.());
  const manager = host.manager(log);
  afterwards.push(() => manager.close());
  const agi = createCallAgi({
    channel, request, environment, log, secrets,
    config: host.settings,
    openManager: () => manager.open(),
    args: kind.args ?? requestArguments(request),
    audio: () => kind.audio?.(request, channel),
    release: () => release(run, channel),
    audioSocket: (options) => liveAudio.open(agi, options),
    ...(kind.overManager && { longestLine: kind.overManager.longestLine }),
  }); // prettier-ignore
  kind.overManager?.adapt(agi, channel);
  const run: Run = {
    call,
    received,
    name,
    agi,
    ending,
    connection,
    lines,
    channel,
    liveAudio,
    log,
    label,
    secrets,
    values: recording?.values,
    taps,
    breakWith: ending.breakWith,
  };
  return run;
}

/** Lets the dialplan go on while the script does. */
async function release({ call, agi, name, log, ending, connection }: Run, channel: Channel): Promise<void> {
  if (channel.ended) return;
  const { network, overManager } = call.kind;
  if (!network && !overManager)
    log.warn('release: Asterisk waits for a program of classic AGI until it ends; AGI(agi://...) lets the dialplan go on');
  const outcome = channel.hungUp ? outcomeOf(new HangupError('the caller hung up before release')) : success;
  await reportOutcome(agi, channel, name, outcome, overManager !== undefined);
  channel.release();
  await connection.close();
  ending.limit('it had released the call');
}
