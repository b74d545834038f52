import { ConfigError } from '../../ground/errors';

/** @param root the system that is changed: a packager's tree is the packager's own @throws ConfigError for anybody else than root */
export function onlyAsRoot(command: string, root: string): void {
  if (root !== '/' || process.geteuid?.() === 0) return;
  throw new ConfigError(
    'FASTAGI_SETUP',
    `only root can ${command} fastagi: sudo fastagi ${command}; what it would do: fastagi ${command} --dry-run`,
  );
}
