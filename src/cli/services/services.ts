import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from './finding';
import { inetdServices } from './inetd-services';
import { factsOf } from './system-facts';
import { systemdServices } from './systemd-services';
import { xinetdServices } from './xinetd-files';

/** What starts fastagi for calls on this machine, as the files of xinetd, inetd and systemd say. @param root the system's */
export function findServices(root = '/'): Service[] {
  const facts = factsOf(root);
  const xinetds = xinetdServices(facts, root).map((service) => (hasXinetd(root) ? service : withoutXinetd(service)));
  const all = [...xinetds, ...inetdServices(facts, root), ...systemdServices(facts, root)];
  // Whoever has chosen another one has switched it off on purpose.
  if (all.some(({ isOffered }) => isOffered)) return all.filter(({ isSwitchedOff }) => !isSwitchedOff);
  // Of both forms in one file, neither of which is chosen, the first is the one to name.
  return all.filter(({ file, isSwitchedOff }, index) => !isSwitchedOff || all.findIndex((one) => one.file === file) === index);
}

function hasXinetd(root: string): boolean {
  return ['usr/sbin/xinetd', 'sbin/xinetd', 'usr/local/sbin/xinetd'].some((path) => existsSync(join(root, path)));
}

function withoutXinetd(service: Service): Service {
  const { file, line } = service;
  const finding = { level: 'error', file, line, what: 'xinetd is not installed', remedy: 'apt install xinetd; or: fastagi install --for systemd' } as const; // prettier-ignore
  return { ...service, isOffered: false, isSwitchedOff: true, findings: [finding] };
}
