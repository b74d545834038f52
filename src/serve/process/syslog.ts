/** The facility daemon. */
const daemon = 3 * 8;

/** What the journal takes for a line's priority. @see man sd-daemon */
export function journalPriority(level: string): string {
  return `<${severityOf(level)}>`;
}

/** Hands lines to the system's logger, each with the priority of what it is. */
export function sendToSyslog(text: Buffer): void {
  const lines = text.toString('latin1').replace(/\n$/, '').split('\n');
  const marked = lines.map((line) => `<${daemon + severityOf(line)}>${line}\n`).join('');
  // That of util-linux reads priorities; to others all lines are notices.
  if (!logged(['--prio-prefix'], Buffer.from(marked, 'latin1'))) logged(['-p', 'daemon.notice'], text);
}

/** By how our lines begin: an error, a warning; what a script prints is information. */
function severityOf(line: string): number {
  return line.startsWith('error: ') ? 3 : line.startsWith('warning: ') ? 4 : 6;
}

function logged(options: readonly string[], input: Buffer): boolean {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const path = process.env['PATH'] ?? '/usr/bin:/bin';
  const { status } = spawnSync('logger', [...options, '-t', `fastagi[${process.pid}]`], {
    input,
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 5000,
    env: { PATH: path },
  });
  // One that hangs is not asked twice.
  return status === 0 || status === null;
}
