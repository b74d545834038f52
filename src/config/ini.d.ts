// The part of `ini` that is used here; it brings no types of its own.
declare module 'ini' {
  export function parse(text: string): Record<string, unknown>;
}
