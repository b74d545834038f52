/** A setting of a unit: its section, name and value, and the line it stands in. */
export interface UnitSetting {
  readonly section: string;
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** What systemd makes of a unit's text; `stray` are lines that it passes over with a warning. */
export interface UnitText {
  readonly settings: readonly UnitSetting[];
  readonly stray: readonly { readonly line: number; readonly text: string }[];
}

/** Reads a unit as systemd does: lines that begin with # or ; are comments, and a backslash at the end goes on in the next line. @see systemd.syntax(7) */
export function parseUnit(text: string): UnitText {
  const settings: UnitSetting[] = [];
  const stray: { line: number; text: string }[] = [];
  let section = '';
  let begun = '';
  let start = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const isComment = /^\s*[#;]/.test(raw);
    if (isComment) continue;
    if (begun === '') start = index + 1;
    if (raw.endsWith('\\')) {
      begun += `${raw.slice(0, -1)} `;
      continue;
    }
    const line = `${begun}${raw}`.trim();
    begun = '';
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    const at = line.indexOf('=');
    if (line === '') continue;
    else if (heading !== undefined) section = heading;
    else if (at < 1 || section === '') stray.push({ line: start, text: line });
    else settings.push({ section, name: line.slice(0, at).trim(), value: line.slice(at + 1).trim(), line: start });
  }
  return { settings, stray };
}
