import { locateScript } from '../script/locate';
import { requestPath } from '../script/request-path';
import type { CallKind } from './kind';

/** A call that a super-server handed over: the request names a script below basedir. */
export const networkCall: CallKind = {
  network: true,
  nameOf: (request) => (request['agi_network_script'] ?? '').split('?', 1)[0] || '(no script)',
  locate: (request, basedir) => locateScript(requestPath(request['agi_network_script']), basedir),
};
