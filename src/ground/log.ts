import type { Secrets } from './secrets';

/** Where lines for the administrator go; never to Asterisk. */
export interface Log {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The same log, each line of which begins with this label. */
export function labelled(log: Log, label: string): Log {
  return {
    info: (text) => log.info(`${label}: ${text}`),
    warn: (text) => log.warn(`${label}: ${text}`),
    error: (text) => log.error(`${label}: ${text}`),
  };
}

/** The same log, without what is secret. */
export function hiding(log: Log, { hide }: Pick<Secrets, 'hide'>): Log {
  return {
    info: (text) => log.info(hide(text)),
    warn: (text) => log.warn(hide(text)),
    error: (text) => log.error(hide(text)),
  };
}
