import { dist } from './package-directory';

/** The executable that `fastagi prepare --bun` makes. */
export const bunProgram = `${dist}/fastagi-bun`;
