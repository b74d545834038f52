import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where scripts/prepare.mjs keeps what tests need. */
export const cache = process.env['FASTAGI_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'fastagi-tests');

/** Another Node of the npm registry. */
export const nodeOf = (major: number): string => join(cache, `node-${major}/bin/node`);

/** Bun, likewise. */
export const bun = join(cache, 'bun/bin/bun');
