// One client of a manager: manager-client.mjs NAME PORT DIRECTORY prints its events and actions per second, and what it holds in MB, as JSON.
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';

const [name, port, others] = process.argv.slice(2);
const [events, warmth, actions] = [200_000, 20_000, 20_000];
const require = createRequire(join(others, 'package.json'));

/** What is done with each client: `burst` settles when so many events came, `act` when so many actions, 100 at once, are answered. */
const clients = {
  async 'reads bytes only'() {
    const socket = connect(port, '127.0.0.1');
    const burst = (count) =>
      new Promise((resolve) => {
        let found = 0;
        let tail = '';
        socket.removeAllListeners('data').on('data', (bytes) => {
          const text = tail + bytes.toString('latin1');
          for (let at = text.indexOf('\n\r\n'); at >= 0; at = text.indexOf('\n\r\n', at + 3)) found++;
          tail = text.endsWith('\n\r\n') ? '' : text.slice(-2);
          if (found >= count) resolve();
        });
        socket.write(`Action: Burst\r\nCount: ${count}\r\n\r\n`);
      });
    return { burst, act: async () => undefined, end: () => process.exit() };
  },
  fastagi: () => ours(() => undefined),
  'fastagi, headers read': () => ours((event) => event.get('Channel') === undefined && event.get('Uniqueid')),
  async 'asterisk-manager'() {
    const manager = require('asterisk-manager')(port, '127.0.0.1', 'phpagi', 'phpagi', true);
    await new Promise((resolve) => manager.on('connect', resolve));
    let seen = () => undefined;
    manager.on('newstate', () => seen());
    const ask = (fields) => new Promise((resolve) => manager.action(fields, resolve));
    await ask({ action: 'ping' });
    const burst = (count) =>
      counted(
        count,
        (one) => (seen = one),
        () => ask({ action: 'burst', count }),
      );
    return { burst, act: (count) => many(count, () => ask({ action: 'ping' })), end: () => process.exit() };
  },
  async 'asterisk-ami-client'() {
    const AmiClient = require('asterisk-ami-client');
    const client = new AmiClient();
    await client.connect('phpagi', 'phpagi', { host: '127.0.0.1', port });
    let seen = () => undefined;
    client.on('Newstate', () => seen());
    const burst = (count) =>
      counted(
        count,
        (one) => (seen = one),
        () => client.action({ Action: 'Burst', Count: count }),
      );
    return { burst, act: (count) => many(count, () => client.action({ Action: 'Ping' }, true)), end: () => process.exit() };
  },
};

async function ours(look) {
  const { connectManager } = await import('../../dist/manager.js');
  const manager = await connectManager({ server: `127.0.0.1:${port}`, username: 'phpagi', secret: 'phpagi' });
  let seen = () => undefined;
  manager.on('Newstate', (event) => {
    look(event);
    seen();
  });
  const burst = (count) =>
    counted(
      count,
      (one) => (seen = one),
      () => manager.action('Burst', { Count: count }),
    );
  return { burst, act: (count) => many(count, () => manager.action('Ping')), end: () => manager.close() };
}

function counted(count, listen, begin) {
  return new Promise((resolve) => {
    let left = count;
    listen(() => --left === 0 && resolve());
    begin();
  });
}

async function many(count, ask) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await ask();
  };
  await Promise.all(Array.from({ length: 100 }, worker));
}

const client = await clients[name]();
await client.burst(warmth);
globalThis.gc();
const before = process.memoryUsage.rss();
let most = before;
const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
const since = performance.now();
await client.burst(events);
const eventsPerSecond = (events / (performance.now() - since)) * 1000;
most = Math.max(most, process.memoryUsage.rss());
clearInterval(watch);
await client.act(2000);
const from = performance.now();
await client.act(actions);
const actionsPerSecond = name === 'reads bytes only' ? 0 : (actions / (performance.now() - from)) * 1000;
process.stdout.write(JSON.stringify({ events: eventsPerSecond, actions: actionsPerSecond, memory: (most - before) / 1e6 }));
await client.end();
