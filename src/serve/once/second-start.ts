import { spawn, type StdioOptions } from 'node:child_process';
import { fstatSync } from 'node:fs';
import type { Once } from './once';
import { handedVariables } from '../process/handed';
import type { HandedCall } from './handed-call';
import type { Mailer } from './mailer';
import { secondCommand, standIn } from '../process/second-process';
import { hasTerminal } from '../process/stdio';
import { withoutExperimental } from '../process/warnings';
import { settingsFor } from '../process/secrets';

/** Descriptors that the second start has beside the standard ones; Asterisk's audio is 3. */
const pipes = { output: 4, input: 5, mailer: { input: 6, output: 7 } };

/**
 * Hands the call to a second start of this program, under the identity of the script's owner: for a Node that refuses to change
 * users, and for a process with a terminal, which the owner must not get. Gives its exit status; where Node can replace a process by another, this one does not go on.
 * Throws IdentityError, while the call is still here, where there can be no second start.
 */
export async function startAgain(
  once: Once,
  { script, identity, environment: sent, rest, proxied }: Pick<HandedCall, 'environment' | 'rest' | 'proxied' | 'script' | 'identity'>,
): Promise<number> {
  const { connection, log, mailer, begun } = once;
  const [setpriv = '', ...args] = secondCommand(identity);
  const { input, output, unread } = await connection.handOver();
  const call = {
    begun,
    settings: settingsFor(once, identity),
    environment: sent,
    rest: rest + unread,
    proxied,
    script,
    identity,
    log: log.handOver(),
  };
  const environment = (wire: Pick<HandedCall, 'input' | 'output' | 'mailer'>): NodeJS.ProcessEnv => ({
    ...process.env,
    ...handedVariables('CALL', { ...call, ...wire }),
  });
  const isOnTerminal = hasTerminal();
  // Only the standard descriptors stay open then, and a socket is one of them.
  if (input === 0 && process.execve && !mailer && !isOnTerminal)
    replaceProcess(setpriv, [setpriv, ...args], environment({ input: 0, output: 0 }));
  const wire = input === output ? { input: 0, output: 0 } : { input: pipes.input, output: pipes.output };
  const child = spawn(setpriv, args, {
    stdio: descriptors(input, output, mailer),
    env: environment(mailer ? { ...wire, mailer: pipes.mailer } : wire),
    // A session of its own has no terminal.
    detached: isOnTerminal,
  });
  await connection.close();
  return standIn(child);
}

/** In the order of their numbers. */
function descriptors(input: number, output: number, mailer: Mailer | undefined): StdioOptions {
  const none = 'ignore' as const;
  const mails = mailer ? [mailer.input, mailer.output] : [];
  if (input !== output) return [none, 1, 2, hasAudio() ? 3 : none, output, input, ...mails];
  return mailer ? [input, 1, 2, none, none, none, ...mails] : [input, 1, 2];
}

function replaceProcess(file: string, args: string[], env: NodeJS.ProcessEnv): void {
  withoutExperimental(() => process.execve?.(file, args, env));
}

function hasAudio(): boolean {
  try {
    return fstatSync(3).isFIFO();
  } catch {
    return false;
  }
}
