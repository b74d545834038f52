// Asterisk's side of a call, as fast as it goes.
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';

const names = [
  'channel', 'language', 'type', 'uniqueid', 'version', 'callerid', 'calleridname', 'callingpres', 'callingani2', 'callington', 'callingtns',
  'dnid', 'rdnis', 'context', 'extension', 'priority', 'enhanced', 'accountcode', 'threadid',
]; // prettier-ignore
const environment = (script) =>
  `agi_network: yes\nagi_network_script: ${script}\nagi_request: agi://127.0.0.1/${script}\n${names.map((name) => `agi_${name}: ${name === 'version' ? '22.10.1' : 'some value'}\n`).join('')}\n`;

/** One call; gives ms from connect to the first command and to the end. `hold` is awaited before the first answer. */
export function call({ port, script = 'x' }, hold) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let first;
    let commands = 0;
    let said = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(environment(script)));
    socket.setNoDelay();
    const answer = async (data) => {
      first ??= performance.now() - started;
      said += data.toString('latin1');
      if (commands === 0 && hold) await hold();
      for (const byte of data) {
        if (byte !== 10) continue;
        commands += 1;
        socket.write('200 result=1\n');
      }
    };
    socket.on('data', (data) => void answer(data));
    socket.on('error', reject);
    socket.on('close', () => {
      // A call that failed is no measurement.
      if (/SET VARIABLE "?FASTAGISTATUS"? "SUCCESS"/.test(said)) resolve({ first, end: performance.now() - started });
      else reject(new Error(`${script}: the call failed, and what it said was ${JSON.stringify(said.slice(0, 500))}`));
    });
  });
}

/** Calls a second, with so many at once. */
export async function rate(target, concurrency, total) {
  let left = total;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (left-- > 0) await call(target);
    }),
  );
  return (total * 1000) / (performance.now() - started);
}

/** Private memory, in KB, of a process that serves a call while it waits for its first answer, beside another one: what they share is shared then. */
export async function heldMemory(target, parent) {
  let kilobytes = 0;
  await call(target, () =>
    call(target, async () => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === parent);
      kilobytes = children.map(privateOf).reduce((one, other) => Math.max(one, other), 0);
    }),
  );
  return kilobytes;
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

function privateOf(pid) {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].reduce((sum, [, size]) => sum + Number(size), 0);
  } catch {
    return 0;
  }
}
