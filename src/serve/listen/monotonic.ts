import { readFileSync } from 'node:fs';
import { hasClockOfItsOwn } from '../../ground/runtime';

/** What has to be added to this runtime's clock, in ms: Node's is the machine's. */
const before = hasClockOfItsOwn() ? uptime() - own() : 0;

/** A clock that all processes of this machine share and nobody sets, in ms; under Bun to 10 ms. */
export function monotonic(): number {
  return own() + before;
}

function own(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** @see proc_uptime(5) */
function uptime(): number {
  return Number(readFileSync('/proc/uptime', 'latin1').split(' ', 1)[0]) * 1000;
}
