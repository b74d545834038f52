/** Has something done each time a signal comes, instead of what the signal does by itself. */
export function onSignals(signals: readonly ('SIGHUP' | 'SIGTERM' | 'SIGINT')[], act: (signal: NodeJS.Signals) => void): void {
  for (const signal of signals) process.on(signal, act);
}

/** Has something done at the very end, however the process comes to it; nothing may take time then. */
export function onExit(act: (status: number) => void): void {
  process.on('exit', act);
}
