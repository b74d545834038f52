/** The words that start this program again. */
export function ownCommand(): [file: string, ...args: string[]] {
  return [process.execPath, ...process.execArgv, ...ownFiles()];
}

/** What the runtime reads to run it; nothing if the program is one with its runtime, which names itself then. */
export function ownFiles(): string[] {
  const { execPath, argv } = process;
  const [, program] = argv;
  return program === undefined || program === execPath ? [] : [program];
}
