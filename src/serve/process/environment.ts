/** What a script and its children find in the environment, whatever the super-server was started with. */
const passed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'LANG', 'TZ', 'REMOTE_HOST', 'REMOTE_ADDR', 'REMOTE_PORT'];

/**
 * Takes everything else out of this process's environment.
 * @param more further names, from `[fastagi] environment`
 * @param isFromAsterisk whether Asterisk started the process: what it says of itself (AST_...) is the script's
 */
export function limitEnvironment(more: readonly string[], isFromAsterisk: boolean): void {
  for (const name of Object.keys(process.env)) {
    const isPassed = passed.includes(name) || more.includes(name) || (isFromAsterisk && name.startsWith('AST_'));
    if (!isPassed) delete process.env[name];
  }
}
