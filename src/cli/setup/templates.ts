/** The lines of extensions.conf that call a script. */
export function dialplanLines(name: string, port: number): string[] {
  const host = port === 4573 ? '127.0.0.1' : `127.0.0.1:${port}`;
  return [`exten => 100,1,AGI(agi://${host}/${name})`, ' same => n,Hangup()'];
}

/** A script that answers, asks for a key and says it. */
export function scriptText(name: string, isTypeScript: boolean): string {
  const head = isTypeScript
    ? "import type { Agi } from 'fastagi';\n\nexport default async function (fastagi: Agi): Promise<void> {"
    : "/** @param {import('fastagi').Agi} fastagi */\nexport default async function (fastagi) {";
  return `// ${dialplanLines(name, 4573)[0]}
${head}
  await fastagi.answer();
  const { digits } = await fastagi.getData('vm-enter-num-to-call', 5000, 1);
  if (digits !== '') await fastagi.sayDigits(digits);
  await fastagi.setVariable('DIGITS', digits);
}
`;
}

/** A call as Asterisk makes it, to the real program, in which the caller presses a key. */
export function testText(file: string): string {
  return `// node --test ${file.replace(/(\.\w+)$/, '.test$1')}
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connectCall } from 'fastagi/testing';

const basedir = fileURLToPath(new URL('${'../'.repeat(file.split('/').length - 1) || '.'}', import.meta.url));
const fastagi = join(dirname(createRequire(import.meta.url).resolve('fastagi/package.json')), 'bin/fastagi');

test('says the key that the caller presses', async () => {
  const program = spawn(process.execPath, [fastagi, '--basedir', basedir, '--no-setuid', 'run', '${file}'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const sounds = { 'vm-enter-num-to-call': 0, 'digits/5': 0 };
  const call = connectCall(Duplex.from({ writable: program.stdin, readable: program.stdout }), {}, { sounds });
  call.press('5');
  await once(program, 'close');
  assert.equal(call.channel.variables.get('DIGITS'), '5');
  assert.equal(call.channel.variables.get('FASTAGISTATUS'), 'SUCCESS');
});
`;
}

/** For editors and `tsc`: Node strips the types, and does nothing else. */
export function tsconfigText(): string {
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    types: ['node'],
    skipLibCheck: true,
  };
  return `${JSON.stringify({ compilerOptions, exclude: ['node_modules'] }, undefined, 2)}\n`;
}
