import type { Service } from './finding';
import { inetdServices } from './inetd-services';
import { factsOf } from './system-facts';
import { systemdServices } from './systemd-services';
import { xinetdServices } from './xinetd-files';

/** What starts fastagi for calls on this machine, as the files of xinetd, inetd and systemd say. @param root the system's */
export function findServices(root = '/'): Service[] {
  const facts = factsOf(root);
  return [...xinetdServices(facts, root), ...inetdServices(facts, root), ...systemdServices(facts, root)];
}
