import { masked } from '../ground/masking';
import type { Agi } from './agi';

/** In debug mode: request and settings, on Asterisk's console. */
export async function showInDebugMode(agi: Agi): Promise<void> {
  if (!agi.config.phpagi.debug) return;
  await agi.verbose('fastagi: request');
  await agi.verbose(agi.request);
  await agi.verbose('fastagi: configuration');
  await agi.verbose(masked({ ...agi.config, sections: undefined }));
}
