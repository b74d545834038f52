import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to the program on which what it says comes late, and in one piece: as to an Asterisk that has much to do. */
export interface LateLink {
  readonly port: number;
  close(): void;
}

/** @param ms how late */
export async function lateLink(to: () => number, ms: number): Promise<LateLink> {
  const sockets = new Set<Socket>();
  const server = createServer((asterisk) => {
    const program = connect(to(), '127.0.0.1');
    for (const socket of [asterisk, program]) sockets.add(socket.on('error', () => undefined));
    asterisk.pipe(program);
    let held: Buffer[] = [];
    program.on('data', (bytes) => {
      if (held.length === 0) setTimeout(() => {
        asterisk.write(Buffer.concat(held));
        held = [];
      }, ms); // prettier-ignore
      held.push(bytes);
    });
    program.on('close', () => setTimeout(() => asterisk.end(), 2 * ms));
    asterisk.on('close', () => program.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
