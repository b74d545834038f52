// The programs that are measured side by side, and what each is a ratio to.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache, hasPerlModule } from '../scripts/prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const program = (name) => join(root, 'bench/programs', name);
const ours = `${root}bin/fastagi`;
/** What `fastagi prepare --bun` makes. */
const bunProgram = `${root}dist/fastagi-bun`;
const bun = join(cache, 'bun/bin/bun');

/** Gives its path; undefined if Bun is not there. */
export function makeBunProgram() {
  if (!existsSync(bun)) return undefined;
  execFileSync(process.execPath, [ours, 'prepare', '--bun', bun], { stdio: 'ignore' });
  return bunProgram;
}
const own = process.versions.node.split('.')[0];

const floor = `floor on Node ${own}`;
export const fast = `fastagi on Node ${own}`;
const bareNet = `node:net on Node ${own}`;
const bareBun = 'floor on Bun';
export const onBun = 'fastagi on Bun';
export const barePhp = 'PHP, bare';

/** Node's flag that saves a rehash, for its price see docs/costs.md. */
const flag = '--no-rehash-snapshot';

/** @param config phpagi.conf @param beside another checkout, built and prepared there */
export function candidates(config, beside) {
  const serve = (path, more = '') => `${more}${path} --config ${config}`;
  const otherNodes = [20, 22, 24, 26].filter((major) => String(major) !== own);
  return [
    { name: floor, server: process.execPath, args: program('floor.cjs') },
    { name: bareNet, server: process.execPath, args: program('net.cjs') },
    { name: fast, server: process.execPath, args: serve(ours), script: 'verbose.cjs', isOurs: true },
    { name: `${fast}, an ES module`, server: process.execPath, args: serve(ours), script: 'verbose.js' },
    { name: `${floor}, ${flag}`, server: process.execPath, args: `${flag} ${program('floor.cjs')}` },
    { name: `${fast}, ${flag}`, server: process.execPath, args: serve(ours, `${flag} `), script: 'verbose.cjs' },
    { name: `${fast}, below setpriv --no-new-privs`, server: which('setpriv'), args: `--no-new-privs ${process.execPath} ${serve(ours)}`, script: 'verbose.cjs' }, // prettier-ignore
    ...otherNodes.flatMap((major) => {
      const server = there(join(cache, `node-${major}/bin/node`));
      const base = `floor on Node ${major}`;
      return [
        { name: base, server, args: program('floor.cjs'), base },
        { name: `fastagi on Node ${major}`, server, args: serve(ours), script: 'verbose.cjs', base, isOurs: true },
      ];
    }),
    { name: bareBun, server: there(bun), args: program('floor.cjs') },
    { name: onBun, server: there(bunProgram), args: serve('').trim(), script: 'verbose.cjs', env: 'BUN_JSC_useJIT=0' },
    ...(beside ? [{ name: `fastagi of ${beside}`, server: process.execPath, args: serve(`${beside}/bin/fastagi`), script: 'verbose.cjs' }] : []), // prettier-ignore
    { name: barePhp, server: which('php'), args: `-n ${program('bare.php')}` },
    { name: "PHP, phpagi's way", server: which('php'), args: `${program('phpagi-way.php')} ${config}`, script: 'verbose.php' },
    { name: "Perl's Asterisk::AGI", server: hasPerlModule() ? which('perl') : undefined, args: program('agi.pl') },
  ].map((candidate) => ({ base: floor, ...candidate }));
}

function there(path) {
  return existsSync(path) ? path : undefined;
}

function which(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
