import { connect } from 'node:net';
import { audioFrame, createFrameReader, hangupFrame } from '../../src/audio/wire/frames';

/** Asterisk's application AudioSocket for a simulated channel: a caller who makes a sound and then presses #. */
export function audioCaller(options: string): { wait: number } {
  const [uuid = '', place = ''] = options.split(',');
  const colon = place.lastIndexOf(':');
  const socket = connect(Number(place.slice(colon + 1)), place.slice(0, colon));
  const reader = createFrameReader();
  socket.on('error', () => undefined);
  socket.write(Buffer.concat([Buffer.from([1, 0, 16]), Buffer.from(uuid.replaceAll('-', ''), 'hex')]));
  for (let count = 0; count < 5; count++) socket.write(audioFrame(Buffer.alloc(320, 0x30)));
  socket.write(Buffer.from([3, 0, 1, 0x23]));
  socket.on('data', (bytes: Buffer) => {
    if (reader.push(bytes).some(({ kind }) => kind === 'hangup')) socket.end(hangupFrame);
  });
  return { wait: 20_000 };
}
