import type { Asterisk } from './asterisk';
import type { FastagiServer } from './fastagi-server';

/**
 * The source of a script with this body. It has the call as `agi`, and `leave(name, value)`, which leaves a
 * result for the test as JSON (undefined as null), written whole: the name appears when everything is there.
 */
export function scriptSource(body: string, out: string): string {
  return `import { CommandError, HangupError, UsageError } from 'fastagi';
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

function leave(name, value) {
  const file = ${JSON.stringify(out)} + '/' + name;
  writeFileSync(file + '.part', JSON.stringify(value, (_, item) => (item === undefined ? null : item)) ?? 'null');
  renameSync(file + '.part', file);
}

/** What a promise came to, for comparison: the value, or the error's class and code. */
async function settled(promise) {
  try {
    return await promise;
  } catch (error) {
    return { error: error.constructor.name, code: error.code };
  }
}

export default async function (agi) {
${body}
}
`;
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

/** Runs a script with this body in a call of its own, and gives what it left under its name. */
export async function runInCall(asterisk: Asterisk, server: FastagiServer, name: string, body: string, caller?: string): Promise<unknown> {
  server.script(`${name}.js`, scriptSource(body, server.out));
  await asterisk.originate(name, caller);
  return server.result(name);
}
