/** Bytes that come in pieces, as lines. What a byte costs does not depend on how many pieces came before it. */
export interface Lines {
  push(bytes: string): void;
  /** The next whole line without its newline, or undefined. */
  take(): string | undefined;
  /** Puts a line back, or the rest of one, as the next. */
  putBack(line: string): void;
  /** How many bytes are here. */
  readonly size: number;
  /** What was not taken, newlines included. */
  rest(): string;
}

export function createLines(): Lines {
  let whole: string[] = [];
  let next = 0;
  let partial: string[] = [];
  let size = 0;
  /** The end of a line with what came of it before. */
  const withPartial = (end: string): string => {
    if (partial.length === 0) return end;
    const line = partial.join('') + end;
    partial = [];
    return line;
  };
  return {
    push(bytes) {
      size += bytes.length;
      let from = 0;
      for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
        whole.push(withPartial(bytes.slice(from, end)));
        from = end + 1;
      }
      if (from < bytes.length) partial.push(from === 0 ? bytes : bytes.slice(from));
    },
    take() {
      const line = whole[next];
      if (line === undefined) return undefined;
      next += 1;
      size -= line.length + 1;
      if (next === whole.length) {
        whole = [];
        next = 0;
      }
      return line;
    },
    putBack(line) {
      size += line.length + 1;
      if (next > 0) whole[--next] = line;
      else whole.unshift(line);
    },
    get size() {
      return size;
    },
    rest() {
      const text = [...whole.slice(next), withPartial('')].join('\n');
      whole = [];
      next = 0;
      size = 0;
      return text;
    },
  };
}
