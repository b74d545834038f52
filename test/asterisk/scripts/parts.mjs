import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export { setTimeout as sleep } from 'node:timers/promises';

// The directory may have another name here than for the test.
const out = JSON.parse(readFileSync(new URL('./out.json', import.meta.url), 'utf8'));

const nameOf = (script) => basename(fileURLToPath(script)).replace(/\.m?js$/, '');

/** Leaves a result for the test as JSON (undefined as null), written whole: the name appears when everything is there. @param script its URL */
export function leave(script, value) {
  const file = `${out}/${nameOf(script)}`;
  writeFileSync(`${file}.part`, JSON.stringify(value, (_, item) => (item === undefined ? null : item)) ?? 'null');
  renameSync(`${file}.part`, file);
}

/** What the test gave to the script. @param script its URL */
export function given(script) {
  return JSON.parse(readFileSync(new URL(`./${nameOf(script)}.json`, script), 'utf8'));
}

/** Does what an expression says. @param names what it may name */
export function doing(expression, names) {
  return new Function(...Object.keys(names), `return ${expression}`)(...Object.values(names));
}

/** What a promise came to, for comparison: the value, or the error's class and code. */
export async function settled(promise) {
  try {
    return await promise;
  } catch (error) {
    return { error: error.constructor.name, code: error.code };
  }
}
