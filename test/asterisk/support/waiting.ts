import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is an answer; an error that says what was missing after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  seconds = 20,
  explain: () => string = () => '',
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${String(seconds)} s for ${what}\n${explain()}`);
    await sleep(10);
  }
}
