import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { copyScript } from '../../support/copy-script';
import type { Asterisk } from './asterisk';
import type { FastagiServer } from './fastagi-server';

const scripts = join(import.meta.dirname, '../scripts');

/** How a script is put where it is called. */
export interface Use {
  /** Its file there, unless it is the same. */
  readonly name?: string;
  /** What it finds by `given`. */
  readonly given?: unknown;
  /** An ordinary user unless named. */
  readonly owner?: number;
}

/** Copies a script of test/asterisk/scripts and what it is given, with parts.mjs, by which it leaves results in the directory `out` beside that one. */
export function useScript(directory: string, file: string, { name = basename(file), given, owner = 1 }: Use = {}): void {
  copyFileSync(join(scripts, 'parts.mjs'), join(directory, 'parts.mjs'));
  writeFileSync(join(directory, 'out.json'), JSON.stringify(join(directory, '../out')));
  const path = join(directory, name);
  copyScript(join(scripts, file), path, owner);
  if (given !== undefined) writeFileSync(path.replace(/\.m?js$/, '.json'), JSON.stringify(given));
}

/**
 * A dialplan in which each extension runs the script of its name, and says what the call came to:
 * `@@ NAME ended STATUS [REASON]` where the caller is still there, `@@ over STATUS [REASON]` after a hangup.
 */
export function dialplanFor(server: FastagiServer): string {
  return `
[default]
exten => _[a-z].,1,Answer()
 same => n,AGI(agi://127.0.0.1:${String(server.port)}/\${EXTEN})
 same => n,Verbose(1,@@ \${EXTEN} ended \${FASTAGISTATUS} [\${FASTAGIERROR}])
 same => n,Hangup()
exten => h,1,Verbose(1,@@ over \${FASTAGISTATUS} [\${FASTAGIERROR}])

[subroutine]
exten => s,1,Set(RETURNED=<\${ARG1}><\${ARG2}><\${ARG3}>)
 same => n,Return()
`;
}

/** Runs a script in a call of its own, and gives what it left. @param name that it is called by */
export async function runInCall(
  asterisk: Asterisk,
  server: FastagiServer,
  file: string,
  { name = basename(file, '.js'), given, caller }: { name?: string; given?: unknown; caller?: string | undefined } = {},
): Promise<unknown> {
  server.use(file, { name: `${name}.js`, given });
  await asterisk.originate(name, caller);
  return server.result(name);
}
