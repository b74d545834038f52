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

/** Calls to the script's function, in which the caller presses a key, and hangs up. */
export function testText(file: string): string {
  return `// node --test ${file.replace(/(\.\w+)$/, '.test$1')}
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everywhere, placeCall } from 'fastagi/testing';
import script from './${file.slice(file.lastIndexOf('/') + 1)}';

test('says the key that the caller presses', async () => {
  const call = await placeCall(script, { keys: '5' });
  assert.equal(call.status, 'SUCCESS');
  assert.equal(call.variables.DIGITS, '5');
  assert.deepEqual(call.heard, ['vm-enter-num-to-call', 'digits 5']);
});

test('stands a caller who hangs up, at whichever command', async () => {
  await everywhere(script, 'hangup', { keys: '5' });
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
