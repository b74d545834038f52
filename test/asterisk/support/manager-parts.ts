import { beforeAll, onTestFinished } from 'vitest';
import { freePort } from '../../../scripts/ports.mjs';
import { connectManager, type AsteriskManager, type ManagerOptions } from '../../../src/manager';
import { certificate } from '../../support/certificate';
import type { Parts } from './configuration';

/** Where the manager of the test listens. */
export const ports = { plain: 0, tls: 0 };

/** Chooses them before Asterisk starts. */
export function choosePorts(): void {
  beforeAll(async () => {
    [ports.plain, ports.tls] = [await freePort(), await freePort()];
  });
}

const modules = 'chan_iax2 app_queue res_parking app_mixmonitor app_controlplayback app_cdr func_cdr'.split(' ');

/** Those whose actions give lists. */
export const listingModules =
  `app_queue app_confbridge bridge_softmix app_agent_pool res_adsi app_voicemail res_parking bridge_holding bridge_builtin_features res_fax
 res_manager_devicestate res_manager_presencestate chan_iax2 res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjsip
 res_pjsip_session res_pjsip_outbound_registration res_pjsip_registrar res_pjsip_pubsub res_pjsip_endpoint_identifier_ip res_pjsip_maintenance
 res_pjsip_outbound_authenticator_digest res_crypto res_rtp_asterisk func_presencestate func_devstate app_controlplayback`.split(/\s+/);

/** An Asterisk with a manager, over TLS too, and what its lists need. */
export const managerParts = (): Parts => ({
  modules: [...modules, 'bridge_holding', 'bridge_builtin_features'],
  files: {
    manager: `[general]
enabled=yes
port=${ports.plain}
bindaddr=127.0.0.1
tlsenable=yes
tlsbindaddr=127.0.0.1:${ports.tls}
tlscertfile={run}/etc/certificate.pem
[phpagi]
secret=phpagi
read=all
write=all
[limited]
secret=limited
read=call
write=call
`,
    'certificate.pem': certificate.key + certificate.cert,
    iax: `[general]\nbindport=0\n${Array.from({ length: 400 }, (_, index) => `[peer${index}]\ntype=friend\nhost=dynamic\nsecret=x\n`).join('')}`,
    queues: '[support]\nstrategy=ringall\n',
    res_parking: '[general]\n[default]\nparkext=>700\nparkpos=>701-720\ncontext=>parkedcalls\n',
    cdr: '[general]\nenable=yes\n',
  },
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A client of the test's own, closed with the test. */
export async function connectTo(options: ManagerOptions = {}): Promise<AsteriskManager> {
  const given = { server: `127.0.0.1:${ports.plain}`, username: 'phpagi', secret: 'phpagi', log: silent };
  const manager = await connectManager({ ...given, ...options });
  onTestFinished(() => manager.close());
  return manager;
}
