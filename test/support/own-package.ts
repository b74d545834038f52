import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Asterisk } from '../../src/testing/asterisk/asterisk';
import { connectCall } from '../../src/testing/asterisk/connect-call';
import { project } from './super-server';

/** A package to which a test may do what no other test is to meet; nothing is prepared there. */
export function copyPackage(to: string): void {
  const isPrepared = /\/dist\/(start-.*\.cache|fastagi-bun)/;
  for (const name of ['bin', 'dist', 'package.json'])
    cpSync(join(project, name), join(to, name), { recursive: true, filter: (path) => !isPrepared.test(path) });
  symlinkSync(join(project, 'node_modules'), join(to, 'node_modules'));
}

export interface OwnCall {
  /** The script's name below basedir. */
  readonly script: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What is done as soon as the call has begun. */
  meanwhile?(asterisk: Asterisk): Promise<void>;
}

/** One call, wired as xinetd wires it. @param command the program and its words @returns Asterisk behind the call, and how the program ended */
export async function ownCall(command: readonly string[], { script, cwd, env = {}, meanwhile }: OwnCall) {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await accepted) as [Socket];
  const asterisk = connectCall(peer, { script }, { sounds: { beep: 80 } });
  const child = spawn(command[0] as string, command.slice(1), {
    cwd,
    stdio: [socket, socket, 'ignore'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  socket.destroy();
  await meanwhile?.(asterisk);
  const [status, signal] = await ended;
  peer.destroy();
  server.close();
  return { asterisk, variables: asterisk.channel.variables, status, signal };
}
