import type { Settings } from '../config/settings';

/** Whether failed calls are mailed. */
export function isMailed({ phpagi }: Settings): boolean {
  return phpagi.errorHandler && phpagi.admin !== undefined;
}
