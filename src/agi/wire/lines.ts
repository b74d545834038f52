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
  return {
    push(bytes) {
      size += bytes.length;
      let from = 0;
      for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
        partial.push(bytes.slice(from, end));
        whole.push(partial.join(''));
        partial = [];
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
      const text = [...whole.slice(next), partial.join('')].join('\n');
      [whole, next, partial, size] = [[], 0, [], 0];
      return text;
    },
  };
}
