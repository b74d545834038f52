import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What the engine says that it heard. */
export interface Heard {
  readonly score: number;
  readonly text: string;
  readonly grammar: string;
}

/** A recognizer as Asterisk knows them from outside: it hears the first sound, and says what it is told to say. */
export async function speechEngine(): Promise<{ port: number; say(heard: readonly Heard[]): void; close(): void }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  let answer: readonly Heard[] = [];
  server.on('connection', (socket) => {
    let heard = false;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        if (!heard) socket.send(JSON.stringify({ request: 'set', id: 'heard', params: { results: answer } }));
        heard = true;
        return;
      }
      const { request, id } = JSON.parse(data.toString()) as { request?: string; id: string };
      if (request !== undefined) socket.send(JSON.stringify({ response: request, id, codecs: [{ name: 'ulaw' }] }));
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    say: (heard) => (answer = heard),
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}
