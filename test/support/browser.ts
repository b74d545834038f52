import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { stopProcess, until } from './super-server';

/** A page in a real browser. */
export interface Browser {
  /** How wide its window is, and what its user prefers. */
  look(width: number, scheme: 'light' | 'dark'): Promise<void>;
  open(url: string): Promise<void>;
  /** Runs an expression in the page; gives its value. */
  evaluate<T>(expression: string): Promise<T>;
  stop(): Promise<void>;
}

/** Starts chromium. @param directory for what it keeps */
export async function startBrowser(directory: string): Promise<Browser> {
  const child = startChromium(directory);
  return connectTo(child, directory).catch(async (error: unknown) => {
    await stopProcess(child);
    throw error;
  });
}

function startChromium(directory: string): ChildProcess {
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'];
  return spawn('chromium', [...options, `--user-data-dir=${directory}`, 'about:blank'], { stdio: 'ignore' });
}

async function connectTo(child: ChildProcess, directory: string): Promise<Browser> {
  const file = join(directory, 'DevToolsActivePort');
  // The file is there before it is written.
  const port = await until('the browser', () => (existsSync(file) ? /^(\d+)\n\/\S/.exec(readFileSync(file, 'utf8'))?.[1] : undefined));
  const socket = new WebSocket(await pageOf(port));
  await once(socket, 'open');
  let last = 0;
  let whenLoaded: () => void = () => undefined;
  const waiting = new Map<number, (result: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    const { id, result, method } = JSON.parse(data.toString()) as { id?: number; result?: unknown; method?: string };
    if (id !== undefined) waiting.get(id)?.(result);
    if (method === 'Page.loadEventFired') whenLoaded();
  });
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      waiting.set(++last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result } = (await ask('Runtime.evaluate', { expression, returnByValue: true })) as { result: { value: T } };
    return result.value;
  };
  return {
    async look(width, scheme) {
      await ask('Emulation.setDeviceMetricsOverride', { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 });
      await ask('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
    },
    async open(url) {
      const loaded = new Promise<void>((resolve) => (whenLoaded = resolve));
      await ask('Page.enable');
      await ask('Page.navigate', { url });
      await loaded;
    },
    evaluate,
    async stop() {
      socket.close();
      await stopProcess(child);
    },
  };
}

/** Where the browser's first page is reached. */
async function pageOf(port: string): Promise<string> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as { type: string; webSocketDebuggerUrl: string }[];
    const page = pages.find(({ type }) => type === 'page');
    if (page) return page.webSocketDebuggerUrl;
  }
}
