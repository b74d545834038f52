import { createServer, type RequestListener, type Server } from 'node:http';
import { listenAt } from './address';
import { metricsText } from './metrics';
import { page } from './page';
import { runningCalls, statusOf, type StatusSource } from './status';

/** So many calls at most are shown. */
const mostShown = 500;

/** Figures for Prometheus, two checks for whoever balances or restarts, and a page for people. Nothing can be changed here. */
export async function startHttp(address: string, source: StatusSource): Promise<Server> {
  const server = createServer(handler(source));
  await listenAt(server, address, '[fastagi] metrics =');
  return server;
}

function handler(source: StatusSource): RequestListener {
  const routes: Readonly<Record<string, () => Answer>> = {
    '/': () => ({ type: 'text/html; charset=utf-8', text: page }),
    '/status.json': () => ({ type: 'application/json', text: JSON.stringify(shown(source)) }),
    '/metrics': () => ({ type: 'text/plain; version=0.0.4; charset=utf-8', text: metricsText(statusOf(source), source) }),
    '/healthz': () => check(source.workers().length > 0 || source.state() === 'draining', 'no worker is there'),
    '/readyz': () => check(source.state() === 'ready', `it is ${source.state()}`),
  };
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const route = Object.hasOwn(routes, pathname) ? routes[pathname] : undefined;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const { status = 200, type, text } = isRead && route ? route() : { status: route ? 405 : 404, type: 'text/plain', text: 'not here\n' };
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
      'x-content-type-options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
}

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly text: string;
}

function check(holds: boolean, why: string): Answer {
  return holds ? { type: 'text/plain', text: 'ok\n' } : { status: 503, type: 'text/plain', text: `${why}\n` };
}

function shown(source: StatusSource): object {
  const calls = runningCalls(source).toSorted((one, other) => other.age - one.age);
  return { status: statusOf(source, calls), calls: calls.slice(0, mostShown), failures: source.figures.failures.toReversed() };
}
