/** What runs this program, for people: `Node v20.20.2`, `Bun 1.4.5`. */
export function runtimeName(): string {
  const { bun, node } = process.versions;
  return bun === undefined ? `Node v${node}` : `Bun ${bun}`;
}

/** What makes calls begin some ms sooner under this runtime. */
export function prepareCommand(): string {
  return process.versions['bun'] === undefined ? 'fastagi prepare' : 'fastagi prepare --bun';
}

/** Whether process.hrtime() counts from the start of the process, not of the machine. */
export function hasClockOfItsOwn(): boolean {
  return process.versions['bun'] !== undefined;
}

/** Whether a child that is to have this process's descriptor 0 under another number gets something else there. */
export function losesInput(): boolean {
  return process.versions['bun'] !== undefined;
}
