import type { Socket } from 'node:net';

/** The process that started this one, with a channel to it. */
export interface Parent<Out, In> {
  /** @param socket goes along; this process has it no more */
  send(message: Out, socket?: Socket): void;
  /** The first message that fits. */
  next<Found extends In>(fits: (message: In) => message is Found): Promise<Found>;
  onMessage(act: (message: In, socket: Socket | undefined) => void): void;
  /** If it is gone. */
  onLost(act: () => void): void;
}

/** @see node: child_process, subprocess.send */
export function connectParent<Out, In>(): Parent<Out, In> {
  return {
    send(message, socket) {
      // One that is gone tells it by `disconnect`.
      process.send?.(message, socket, {}, () => undefined);
    },
    next(fits) {
      return new Promise((resolve) => {
        const look = (message: unknown): void => {
          if (!fits(message as In)) return;
          process.off('message', look);
          resolve(message as Parameters<typeof resolve>[0]);
        };
        process.on('message', look);
      });
    },
    onMessage: (act) => void process.on('message', (message, socket) => act(message as In, socket as Socket | undefined)),
    onLost: (act) => void process.on('disconnect', act),
  };
}
