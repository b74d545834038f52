import type { Socket } from 'node:net';

/** The process that started this one, with a channel to it. */
export interface Parent<Out, In> {
  /** What it says first. */
  readonly first: Promise<In>;
  /** @param socket goes along; this process has it no more */
  send(message: Out, socket?: Socket): void;
  /** Takes all that comes behind the first message; what came before this is called is kept. */
  take(act: Taker<In>): void;
  /** If it is gone. */
  onLost(act: () => void): void;
}

type Taker<In> = (message: In, socket: Socket | undefined) => void;

/** @see node: child_process, subprocess.send */
export function connectParent<Out, In>(): Parent<Out, In> {
  const kept: [message: In, socket: Socket | undefined][] = [];
  let isFirst = true;
  let begin: (message: In) => void = () => undefined;
  const first = new Promise<In>((resolve) => (begin = resolve));
  let taker: Taker<In> = (message, socket) => void kept.push([message, socket]);
  process.on('message', (message, socket) => {
    if (isFirst) begin(message as In);
    else taker(message as In, socket as Socket | undefined);
    isFirst = false;
  });
  return {
    first,
    send(message, socket) {
      // One that is gone tells it by `disconnect`.
      process.send?.(message, socket, {}, () => undefined);
    },
    take(act) {
      taker = act;
      for (const one of kept.splice(0)) act(...one);
    },
    onLost: (act) => void process.on('disconnect', act),
  };
}
