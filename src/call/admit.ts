import type { LocatedScript } from '../script/locate';
import type { Call } from './call';
import type { Received } from './receive-request';

/** Whether a script may run here, and which. */
export type Admission =
  | { readonly kind: 'here'; readonly script: LocatedScript }
  | { readonly kind: 'refused'; readonly error: unknown }
  /** Another process has the call. */
  | { readonly kind: 'elsewhere' };

/** Refuses strangers, finds the script, and has the host look whether it may run. */
export async function admit({ kind, host, connection }: Call, received: Received): Promise<Admission> {
  const { request, proxied, refusal, problem } = received;
  try {
    if (host.settingsError) throw host.settingsError;
    if (refusal) throw refusal;
    const { allow, basedir } = host.settings.fastagi;
    if (kind.network && allow.length > 0) (await import('./peer')).checkPeer(proxied ?? connection.peer(), allow);
    if (problem) throw problem;
    const script = kind.locate(request, basedir);
    return { kind: await host.admit(script, received), script };
  } catch (error) {
    return { kind: 'refused', error };
  }
}
