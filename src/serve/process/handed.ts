/** Linux takes 128 KiB for one variable. */
const longestPart = 100_000;

const nameOf = (kind: HandedKind, part: number): string => `FASTAGI_HANDED_${kind}_${part}`;

/** What a second start of this program goes on with. */
export type HandedKind = 'CALL' | 'SERVICE';

/** What is handed to a second start, as environment variables: only root and its own user can read a process's. */
export function handedVariables(kind: HandedKind, value: object): Record<string, string> {
  const text = JSON.stringify(value).replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const variables: Record<string, string> = {};
  for (let at = 0, part = 0; at < text.length; at += longestPart, part++) variables[nameOf(kind, part)] = text.slice(at, at + longestPart);
  return variables;
}

/** Whether this process was started to go on with something. Root hands on, and takes nothing. */
export function isHanded(kind: HandedKind): boolean {
  return process.env[nameOf(kind, 0)] !== undefined && process.geteuid?.() !== 0;
}

/** What this process was started for, if it is such a second start. Its children do not see it. */
export function takeHanded(kind: HandedKind): unknown {
  if (!isHanded(kind)) return undefined;
  let text = '';
  for (let part = 0; ; part++) {
    const variable = process.env[nameOf(kind, part)];
    if (variable === undefined) return JSON.parse(text);
    text += variable;
    delete process.env[nameOf(kind, part)];
  }
}
