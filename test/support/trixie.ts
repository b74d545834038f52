import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './cache';
import { project, type Place } from './super-server';

const root = join(cache, 'trixie');

/** Whether Debian 13 with its own Node is there. */
export const hasTrixie = existsSync(join(root, 'usr/bin/node'));

/**
 * Writes a program that runs Debian 13's Node in its root, which has this machine's /tmp and this project; nothing stays mounted.
 * @param before further shell commands, run within the root
 */
export function trixieNode(place: Place, before = ':'): string {
  const path = join(place.dir, 'trixie-node');
  const mounts = [
    'mount --rbind /proc "$0/proc"',
    'mount --rbind /dev "$0/dev"',
    'mount --bind /tmp "$0/tmp"',
    `mount -t tmpfs none "$0/mnt"`,
    `mkdir -p "$0/mnt/project"`,
    `mount --bind "${project}" "$0/mnt/project"`,
    `exec chroot "$0" /bin/sh -c '${before}; exec /usr/bin/node "$@"' sh "$@"`,
  ];
  writeFileSync(
    path,
    `#!/bin/sh\nexec unshare --mount --propagation private /bin/sh -c '${mounts.join(' && ').replaceAll("'", `'\\''`)}' "${root}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  return path;
}

/** Forgets the mails that were counted there. */
export const forgetCountsInTrixie = (): void => rmSync(join(root, 'var/lib/fastagi'), { recursive: true, force: true });

/** The program, as that Node sees it. */
export const programInTrixie = '/mnt/project/bin/fastagi';
