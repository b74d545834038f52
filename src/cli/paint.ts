/** As terminals number them. */
const [red, green, yellow, usual] = [31, 32, 33, 39];

/** What a line may begin with, or bear behind a script's name, and its colour. */
const words: readonly (readonly [pattern: RegExp, colour: number])[] = [
  [/^✗|\berror:/, red],
  [/^!|\bwarning:/, yellow],
  [/^✓/, green],
];

/** Colours what a line says first, on a terminal whose user wants colours (https://no-color.org). */
export function paint(line: string, isColoured: boolean): string {
  if (!isColoured) return line;
  const found = words.find(([pattern]) => pattern.test(line));
  return found ? line.replace(found[0], (word) => `\x1b[${found[1]}m${word}\x1b[${usual}m`) : line;
}

export function wantsColours(output: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): boolean {
  return output.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}
