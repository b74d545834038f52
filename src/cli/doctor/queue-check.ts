import { acceptQueue, listenOverflows } from '../../serve/listen/kernel';
import { areForWorkers } from '../services/finding';
import { ok, warning, type Check, type Patient, type Result } from './diagnosis';

/** Whether more called at once than could be accepted. */
export const queueCheck: Check = { name: 'queue', run: ({ services }) => [lookAtQueue(services, listenOverflows())] };

/** @param overflows the connections that the kernel turned away */
function lookAtQueue(services: Patient['services'], overflows: number): Result {
  const offered = services.filter(({ isOffered }) => isOffered);
  const waiting = acceptQueue(offered.flatMap(({ listens }) => listens.map(({ port }) => port)));
  const now = `${waiting} ${waiting === 1 ? 'waits' : 'wait'} to be accepted now`;
  if (overflows === 0) return ok(`the kernel has turned no connection away since this machine began; ${now}`);
  const remedy = areForWorkers(offered) ? 'see docs/scaling.md, More than one machine' : 'fastagi install --workers, whose queue is longer';
  return warning(
    `the kernel has turned ${overflows} away since this machine began (ListenOverflows of all its sockets), as more came at once than a queue holds; ${now}; if calls were lost: ${remedy}`,
  );
}
