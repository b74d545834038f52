/** What master and porter say to each other. */

/** A socket that is listened on: one that was handed over, or an address for one of our own. */
export type SocketSource = { readonly fd: number } | { readonly host: string; readonly port: number; readonly ipv6Only: boolean };

export interface PorterStart {
  readonly sockets: readonly SocketSource[];
  /** Numbers that both see, by `porterCells`. */
  readonly cells: SharedArrayBuffer;
}

/** The places of these numbers: whether it accepts (0: not; else why it refuses), `max_calls`, and how many it has refused for which reason. */
export const porterCells = { open: 0, limit: 1, max_calls: 2, stalled: 3, draining: 4, count: 5 } as const;

/** Why it refuses. */
export const porterReasons = { max_calls: 1, stalled: 2, draining: 3 } as const;

/** Instead of a reason: it listens no more. */
export const porterCloses = 9;

/** A socket that is listened on now. */
export interface Listening {
  readonly fd: number;
  readonly address: string;
  readonly port: number;
}

export type FromPorter =
  | { readonly listening: readonly Listening[] }
  | { readonly error: { readonly code: string | undefined; readonly message: string } };
