import { fstatSync } from 'node:fs';
import type { Channel } from '../../agi/channel';
import type { AgiRequest } from '../../agi/wire/request';
import type { Agi } from '../../call/agi';
import { locateNamed } from '../../script/locate';
import type { CallKind } from '../../call/kind';
import { onSignals } from '../process/events';
import type { Parts } from './once';

/** The descriptor on which Asterisk gives EAGI the caller's audio. */
const audioDescriptor = 3;

/** A call for which Asterisk started the program itself: classic AGI, or EAGI. */
export function classicCall(script: string, args: readonly string[], { readPipe }: Pick<Parts, 'readPipe'>): CallKind {
  return {
    network: false,
    nameOf: () => script,
    locate: (_request, basedir) => locateNamed(script, basedir),
    args,
    audio: (request, channel) => audio(request, channel, readPipe),
    watchHangup: (channel) => onSignals(['SIGHUP'], channel.hangUp),
  };
}

/** Asterisk keeps its end open until the script has ended; the caller's voice ends with the call. */
function audio(request: AgiRequest, channel: Channel, readPipe: Parts['readPipe']): Agi['audio'] {
  if (request['agi_enhanced'] !== '1.0' || !fstatSync(audioDescriptor).isFIFO()) return undefined;
  const { PassThrough } = process.getBuiltinModule('node:stream');
  const heard = new PassThrough();
  const pipe = readPipe(audioDescriptor);
  const end = (): void => {
    pipe.unpipe(heard);
    pipe.destroy();
    heard.end();
  };
  pipe.on('error', end).pipe(heard);
  if (channel.hungUp) end();
  else channel.signal.addEventListener('abort', end);
  return heard;
}
