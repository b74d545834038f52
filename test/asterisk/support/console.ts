import { connect } from 'node:net';

/**
 * Runs one command on Asterisk's console and gives what it prints. Spoken over Asterisk's own socket, as
 * `asterisk -rx` does: it names its host, process and version in a first line, runs what comes after
 * `cli quit after` up to a NUL, and closes.
 */
export function consoleCommand(socketFile: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(socketFile, () => {
      socket.write(`cli quit after ${command}\0`);
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString().replaceAll('\0', '');
      resolve(text.slice(text.indexOf('\n') + 1));
    });
  });
}
