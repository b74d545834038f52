import { constants, copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOf } from './cache';
import { nodeProgram, type Place } from './super-server';
import { hasTrixie, programInTrixie, trixieNode } from './trixie';

/** What Debian's Node says, for a Node that has process.execve besides. */
const refusing = `for (const name of ['setgroups', 'setgid', 'setuid', 'initgroups', 'setegid', 'seteuid'])
  process[name] = () => { throw Object.assign(new Error(name + '() disabled: io_uring may be enabled.'), { code: 'ERR_INVALID_STATE' }); };`;

const later = nodeOf(24);
/** Nodes that refuse to change users: their names, what each needs, and what a super-server starts, and with which words. */
export const refusingNodes: readonly [string, Record<string, boolean>, (place: Place) => { server: string; before: string }][] = [
  ["Debian 13's own Node", { 'Debian 13': hasTrixie }, (place) => ({ server: trixieNode(place), before: programInTrixie })],
  [
    'a later Node that refuses to change users',
    { [later]: existsSync(later) },
    (place) => {
      writeFileSync(join(place.dir, 'refusing.cjs'), refusing);
      // Where every user may run it.
      copyFileSync(later, join(place.dir, 'node'), constants.COPYFILE_FICLONE);
      return { server: join(place.dir, 'node'), before: `--require ${place.dir}/refusing.cjs ${nodeProgram}` };
    },
  ],
];
