import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { freePort, untilListening } from '../../scripts/ports.mjs';
import { program, stopProcess, type Place, type SuperServer } from './super-server';

const cache = process.env['FASTAGI_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fastagi-tests');

/** inetd's program: installed, or fetched beside xinetd, with which it cannot be installed. */
export const inetd = ['/usr/sbin/inetd', join(cache, 'inetd/usr/sbin/inetd')].find((path) => existsSync(path));

/** Starts the real inetd with the line that the project gives administrators. */
export async function startInetd(place: Place, line: string, host: string): Promise<SuperServer> {
  const port = await freePort(host);
  const file = join(place.dir, 'inetd.conf');
  const configured = line.replace(':fastagi ', `:${port} `).replace('/usr/local/bin/fastagi', program);
  writeFileSync(file, `${configured} --config ${place.config}\n`);
  const child = spawn(inetd ?? '', ['-i', file], { stdio: 'ignore' });
  await untilListening(port, host, child);
  return { port, host, output: () => '', stop: () => stopProcess(child) };
}

/** Starts the program as a systemd socket unit with Accept=yes would. */
export async function startSystemd(place: Place, host: string): Promise<SuperServer> {
  const port = await freePort(host);
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const args = ['--accept', '--inetd', '--listen', address, program, '--config', place.config];
  const child = spawn('systemd-socket-activate', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (data) => (output += String(data)));
  await untilListening(port, host, child);
  return { port, host, output: () => output, stop: () => stopProcess(child) };
}
