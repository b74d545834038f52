import { Session, type Debugger } from 'node:inspector';
import { Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { pathOf } from '../../script/stack';
import { inherited } from './messages';
import { whoseName, type AskedForFiles, type Files, type Where } from './observer-messages';

/*
 * A thread beside a worker's own, which sees what that does though it never pauses: by V8's inspector, without a port that anybody could connect
 * to. It says nothing by itself.
 */

/** So long it may take until the worker's code comes by a place where it can be stopped, in ms. */
const patience = 1000;

const master = new Socket({ fd: inherited.observer });
let left = '';
master.on('error', () => undefined);
master.on('data', (bytes: Buffer) => {
  const lines = (left + String(bytes)).split('\n');
  left = lines.pop() ?? '';
  for (const line of lines) if (line !== '') void where().then((found) => master.write(`${JSON.stringify(found)}\n`));
});
parentPort?.on('message', ({ id }: AskedForFiles) => void files().then((found) => answer({ id, files: found })));

function answer(found: Files): void {
  parentPort?.postMessage(found);
}

/** Stops the worker for a moment, and looks where it is. */
function where(): Promise<Where> {
  const session = new Session();
  return new Promise((resolve) => {
    const end = (found: Where): void => {
      clearTimeout(timer);
      session.disconnect();
      resolve(found);
    };
    const timer = setTimeout(() => end({ call: undefined, frames: [] }), patience);
    session.connectToMainThread();
    const files = watchFiles(session);
    session.on('Debugger.paused', ({ params: { callFrames } }) => {
      void look(callFrames);
    });
    const look = async (callFrames: readonly Debugger.CallFrame[]): Promise<void> => {
      const call = await callOf(session, callFrames[0]);
      session.post('Debugger.resume');
      end({ call, frames: callFrames.map((frame) => frameText(frame, files)).filter((frame) => frame !== '') });
    };
    session.post('Debugger.enable');
    session.post('Debugger.pause');
  });
}

function callOf(session: Session, frame: Debugger.CallFrame | undefined): Promise<string | undefined> {
  if (!frame) return Promise.resolve(undefined);
  const expression = `process[Symbol.for('${whoseName}')]?.()`;
  return new Promise((resolve) => {
    session.post('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression, silent: true }, (error, found) => {
      const value: unknown = error ? undefined : found.result.value;
      resolve(typeof value === 'string' ? value : undefined);
    });
  });
}

/** As a stack has it; Node's own functions are of no interest. */
function frameText({ functionName, location }: Debugger.CallFrame, files: ReadonlyMap<string, string>): string {
  const file = files.get(location.scriptId);
  return file === undefined
    ? ''
    : `at ${functionName || '<anonymous>'} (${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1})`;
}

/** The files of all code that was loaded, however it was. */
function files(): Promise<string[]> {
  const session = new Session();
  session.connectToMainThread();
  const found = watchFiles(session);
  return new Promise((resolve) => {
    // What was parsed before is told first.
    session.post('Debugger.enable', () => {
      session.disconnect();
      resolve([...new Set(found.values())]);
    });
  });
}

/** The files by what V8 calls them; complete when `Debugger.enable` has been answered, and before anything is said to be paused. */
function watchFiles(session: Session): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => {
    const file = pathOf(params.url);
    if (file !== undefined) files.set(params.scriptId, file);
  });
  return files;
}
