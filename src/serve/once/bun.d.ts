// What is used of Bun. @see https://bun.com/docs/api/tcp
interface BunSocket {
  /** @returns how many bytes the kernel took; a negative number if the connection is gone */
  write(bytes: Uint8Array): number;
  /** Closes it, once the kernel has what was written. */
  end(): void;
  /** Nothing more will be written. */
  shutdown(): void;
  pause(): void;
  resume(): void;
  readonly remoteAddress: string | undefined;
  readonly localAddress: string | undefined;
}

interface BunSocketHandlers {
  open(socket: BunSocket): void;
  data(socket: BunSocket, bytes: Uint8Array): void;
  drain(): void;
  end(): void;
  close(): void;
  /** Gets what a handler throws, too. */
  error(socket: BunSocket, error: Error): void;
}

declare const Bun: {
  connect(options: { fd: number; allowHalfOpen: boolean; socket: BunSocketHandlers }): Promise<BunSocket>;
};
