import type { AgiRequest } from '../../src/agi/wire/request';

/** A request of which a test needs little. */
export const requestOf = (values: Record<string, string> = {}): AgiRequest =>
  ({ agi_version: '22.10.1', ...values }) as unknown as AgiRequest;
