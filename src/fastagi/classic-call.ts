import { fstatSync } from 'node:fs';
import type { AgiRequest } from '../agi/request';
import type { Agi } from '../agi/agi';
import { locateScript, type LocatedScript } from '../script/locate';
import type { CallKind } from './call';

/** The descriptor on which Asterisk gives EAGI the caller's audio. */
const audioDescriptor = 3;

/** A call for which Asterisk started the program itself: classic AGI, or EAGI. */
export function classicCall(script: string, args: readonly string[]): CallKind {
  return {
    network: false,
    nameOf: () => script,
    locate: (_request, basedir) => locate(script, basedir),
    args,
    failed: 1,
    audio,
    watchHangup(channel) {
      process.on('SIGHUP', () => channel.hangUp());
    },
  };
}

/** Below basedir, unless the name says by its beginning that it is a path. */
function locate(script: string, basedir: string): LocatedScript {
  if (!/^\.{0,2}\//.test(script)) return locateScript(script, basedir);
  const { basename, dirname, resolve } = process.getBuiltinModule('node:path');
  const path = resolve(script);
  return locateScript(basename(path), dirname(path));
}

function audio(request: AgiRequest): Agi['audio'] {
  if (request['agi_enhanced'] !== '1.0' || !fstatSync(audioDescriptor).isFIFO()) return undefined;
  const net = process.getBuiltinModule('node:net');
  return new net.Socket({ fd: audioDescriptor, readable: true, writable: false });
}
