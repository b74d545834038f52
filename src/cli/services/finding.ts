/** What is wrong with a file of a super-server, and what mends it. */
export interface Finding {
  /** An error keeps calls from being served. */
  readonly level: 'error' | 'warning';
  readonly file: string;
  readonly line: number | undefined;
  readonly what: string;
  readonly remedy: string;
}

/** One that is wrong in a file's text; whoever read the file knows its name. */
export type Fault = Omit<Finding, 'file'>;

/** A service that starts fastagi, or is meant to. */
export interface Service {
  readonly superServer: 'xinetd' | 'inetd' | 'systemd';
  readonly name: string;
  readonly file: string;
  readonly line: number | undefined;
  /** Whether the super-server would listen for it. */
  readonly isOffered: boolean;
  /** Whether somebody has switched it off on purpose. */
  readonly isSwitchedOff: boolean;
  /** Where it listens; without a host on all addresses. */
  readonly listens: readonly Place[];
  /** Whom its program is started as, if it hands its socket to workers, who serve all calls; undefined if each call has a process. */
  readonly workersStartAs?: string | undefined;
  /** What runs the program, if it is known. */
  readonly runtime?: string | undefined;
  readonly findings: readonly Finding[];
}

export interface Place {
  readonly host: string | undefined;
  readonly port: number;
}

/** Whether only this machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return /^(?:127\.|::1$|localhost$)/.test(host);
}

/** What is wrong with who hands over what, a call or the listening socket, and what the program does with it; undefined if they agree. */
export function formFault(handsSocket: boolean, args: readonly string[], words: { socket: string; call: string }): string | undefined {
  const listens = args.includes('listen');
  if (handsSocket === listens) return undefined;
  return listens ? `write: ${words.socket}` : `write: ${words.call}, or add the argument \`listen\` (docs/scaling.md)`;
}

/** Why such a service serves no call. */
export function formProblem(handsSocket: boolean): string {
  return handsSocket
    ? 'fastagi serves one call a process, unless it is told to listen'
    : '`fastagi listen` wants the listening socket, not a call';
}

/** Whether workers serve all calls: there are such services, and no others. */
export function areForWorkers(services: readonly Service[]): boolean {
  return services.length > 0 && services.every(({ workersStartAs }) => workersStartAs !== undefined);
}

/** How a finding is told. */
export function printFinding({ file, line, what, remedy }: Finding): string {
  return `${file}${line === undefined ? '' : `, line ${line}`}: ${what}; ${remedy}`;
}
