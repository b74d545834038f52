/** Where lines for the administrator go; never to Asterisk. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}
