import { createChannel, type Channel } from '../agi/channel';
import { requestArguments } from '../agi/wire/request';
import { masked } from '../ground/masking';
import type { CommandLineSettings } from '../config/read-settings';
import { loadScript } from '../script/load';
import type { LocatedScript } from '../script/locate';
import { ConfigError, FastagiError, HangupError, ScriptError } from '../ground/errors';
import type { Call, CallEnd, CallKind } from './call';
import { admit, isMailed, peerOf, resume, type Decision } from './admit';
import { createCallAgi, type Agi } from './call-agi';
import { beginCall } from './begin-call';
import { callManager } from './call-manager';
import { cleanConsole } from './clean-console';
import type { Connection, Receiver } from './connection';
import { onEarlyExit } from './early-exit';
import { noteExchanges } from './exchanges';
import { exitStatusOf, exitStatusOfError, type ExitStatus } from './exit-status';
import { takeHandedCall } from './handed-call';
import { inFull, logEnd, logFailure, type CallEnded } from './log-end';
import { isFailure, isPeersFault, outcomeOf, success, type Outcome } from './outcome';
import { isListed } from './peer';
import { receivedOf, receiveRequest, type ReceivedRequest } from './receive-request';
import { reportOutcome } from './report';
import { createGrace, runScript, watchScript, type ScriptWatch } from './run-script';
import { limitEnvironment } from './script-environment';
import { catchExit } from './script-exit';

/** Serves one call on the descriptors of this process, from the first byte to the close. */
export async function serveCall(kind: CallKind, options: CommandLineSettings): Promise<CallEnd> {
  const handed = takeHandedCall();
  const call = handed ? (await import('./second-start-call')).takeOver(kind, handed, options) : beginCall(kind, options);
  const { connection, log } = call;
  cleanConsole(log);
  const status = await (handed ? serveRequest(call, receivedOf(handed), resume(handed)) : receiveAndServe(call)).catch((error: unknown) =>
    giveUp(call, error),
  );
  const { blocked } = connection;
  await connection.close();
  for (const task of call.afterwards) {
    await task().catch((error: unknown) => log.error(`after the call: ${(error as Error).message}`));
  }
  log.finish();
  return { status, blocked };
}

async function receiveAndServe(begun: Call): Promise<ExitStatus> {
  const { call, isProxied } = lookForProxy(begun);
  const { settings, connection } = call;
  const { environmentTimeout } = settings.fastagi;
  const received = await receiveRequest(connection, environmentTimeout, isProxied);
  if (!received && !call.kind.network) throw noEnvironment();
  if (!received) return 0;
  let admission = await admit(call, received);
  if (admission.kind === 'elsewhere') {
    const { script, identity } = admission;
    try {
      const { startAgain } = await import('./second-start');
      return (await startAgain(call, { ...received, script, identity })) as ExitStatus;
    } catch (error) {
      admission = { kind: 'refused', error };
    }
  }
  return serveRequest(call, received, admission);
}

/** Whether the peer is a proxy, before a byte of it is looked at: from nobody else a header counts. */
function lookForProxy(call: Call): { call: Call; isProxied: boolean } {
  const { proxyProtocol } = call.settings.fastagi;
  if (!call.kind.network || proxyProtocol.length === 0) return { call, isProxied: false };
  try {
    return { call, isProxied: isListed(peerOf(call.connection), proxyProtocol, 'proxy_protocol') };
  } catch (settingsError) {
    return { call: { ...call, settingsError }, isProxied: false };
  }
}

async function serveRequest(
  call: Call,
  { request, environment, rest, problem }: ReceivedRequest,
  admission: Decision,
): Promise<ExitStatus> {
  const { kind, connection, log, settings } = call;
  const exchanges = noteExchanges(connection);
  const watch = watchScript(log);
  const limit = createGrace(watch, settings.fastagi.hangupGrace, log);
  const channel = createChannel(exchanges.wire, { hungUp: () => limit('the caller hung up'), failed: watch.breakWith });
  const receiver = attach(connection, channel, exchanges.came, rest);
  // The rest of it is still to come, and is passed over before anything is reported.
  if (problem) channel.fail(problem);
  kind.watchHangup(channel);
  const name = kind.nameOf(request);
  log.label(`${request['agi_channel'] ?? 'unknown channel'} ${name}`);
  const manager = callManager(settings, log);
  call.afterwards.push(() => manager.close());
  const agi = createCallAgi({
    channel, request, environment, log, config: settings,
    openManager: () => manager.open(),
    args: kind.args ?? requestArguments(request),
    audio: () => kind.audio(request, channel),
    async release() {
      if (channel.ended) return;
      if (!kind.network) log.warn('release: Asterisk waits for a program of classic AGI until it ends; AGI(agi://...) lets the dialplan go on');
      await reportOutcome(agi, channel, name, channel.hungUp ? outcomeOf(new HangupError('the caller hung up before release')) : success);
      channel.release();
      await connection.close();
      limit('it had released the call');
    },
  }); // prettier-ignore
  const finished = onEarlyExit(connection, channel, log);
  const uncatchExit = catchExit(watch.breakWith);

  let outcome: Outcome = success;
  let failed = kind.failed;
  let beforeScript = true;
  try {
    if (admission.kind === 'refused') throw admission.error;
    limitEnvironment(settings.fastagi.environment, !kind.network);
    await showInDebugMode(agi);
    const run = await load(call, admission.script, { agi, channel, receiver, watch, environment, count: exchanges.count });
    beforeScript = false;
    await run();
  } catch (error) {
    outcome = outcomeOf(error);
    // Before the script nothing but our own errors is foreseen.
    if (beforeScript && !(error instanceof FastagiError)) failed = 101;
  }
  watch.stop();
  const end: CallEnded = { outcome, ms: Date.now() - call.begun, commands: exchanges.commands };
  // A failure is told first, as telling Asterisk may take its time; of a success the caller need not wait for the line.
  if (isFailure(outcome)) await logFailure(log, settings, end);
  else call.afterwards.unshift(async () => logEnd(log, settings, end));
  const said = [...exchanges.last];
  if (isMailed(settings) && isFailure(outcome)) {
    const failed = { script: name, outcome, request, exchanges: said };
    call.afterwards.push(async () => (await import('./mail-error')).mailError(call, failed));
  }
  if (!channel.ended) await reportOutcome(agi, channel, name, outcome);
  uncatchExit();
  finished();
  return exitStatusOf(outcome, failed);
}

/** For whoever starts a script of classic AGI by hand. */
export function noEnvironment(): ConfigError {
  const message = 'there is no AGI environment on standard input: Asterisk starts this; to look at settings and scripts try: fastagi check';
  return new ConfigError('FASTAGI_NO_ENVIRONMENT', message);
}

/** Gives who takes what comes, so that somebody else can take it for a while. */
function attach(connection: Connection, channel: Channel, note: (bytes: string) => void, rest: string): Receiver {
  const receive = (bytes: string): void => {
    note(bytes);
    channel.receive(bytes);
  };
  const receiver = { receive, end: () => channel.end() };
  connection.attach({ receive: (bytes) => receiver.receive(bytes), end: () => receiver.end() });
  if (rest !== '') receive(rest);
  return receiver;
}

async function showInDebugMode(agi: Agi): Promise<void> {
  if (!agi.config.phpagi.debug) return;
  await agi.verbose('fastagi: request');
  await agi.verbose(agi.request);
  await agi.verbose('fastagi: configuration');
  await agi.verbose(masked({ ...agi.config, sections: undefined }));
}

interface Parts {
  readonly agi: Agi;
  readonly channel: Channel;
  readonly receiver: Receiver;
  readonly watch: ScriptWatch;
  readonly environment: string;
  readonly count: (bytes: string) => void;
}

/** Gives what runs it: a module, or a program in another language. */
async function load(call: Call, script: LocatedScript, parts: Parts): Promise<() => Promise<void>> {
  if (script.isProgram) return loadProgram(call, script, parts);
  const module = loadScript(script.path);
  const run = module instanceof Promise ? await module : module;
  return () => runScript(run, parts.agi, parts.channel, parts.watch);
}

async function loadProgram(
  { kind, settings: { fastagi }, connection, log, afterwards: tasks }: Call,
  { path, name }: LocatedScript,
  { agi, channel, receiver, environment, count }: Parts,
): Promise<() => Promise<void>> {
  if (!kind.network || !fastagi.foreign) {
    const why = kind.network ? '[fastagi] foreign is false' : 'Asterisk can start it by itself';
    throw new ScriptError('FASTAGI_SCRIPT_FORBIDDEN', `${name} is refused: it is no JavaScript, and ${why}`, { status: 'FORBIDDEN' });
  }
  const { runForeign } = await import('./foreign-program');
  const grace = fastagi.hangupGrace;
  const afterwards = (task: () => Promise<void>): void => void tasks.push(task);
  return () => runForeign({ path, args: agi.args, environment, connection, channel, receiver, log, grace, count, afterwards });
}

/** There is no request, and so nobody to report to but the log. */
async function giveUp({ kind, log, connection }: Call, error: unknown): Promise<ExitStatus> {
  const from = process.env['REMOTE_HOST'] ?? process.env['REMOTE_ADDR'] ?? 'an unknown address';
  log.error(isPeersFault(error) ? `connection from ${from}: ${outcomeOf(error).reason}` : await inFull(error));
  if (connection.blocked) log.info('the connection is closed on this side');
  return isPeersFault(error) ? kind.failed : exitStatusOfError(error);
}
