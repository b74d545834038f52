/** What a simulated call tells of itself. */
export interface SimulatedRequest {
  /** The script, with its query: what stands behind the host in the URL. Without it the call is classic AGI. */
  script?: string;
  args?: readonly string[];
  version?: string;
  /** Further or other values, by their names without `agi_`. */
  values?: Readonly<Record<string, string>>;
}

/** The environment in the order in which Asterisk sends it, its empty line included. */
export function environmentOf({ script, args = [], version = '22.10.1', values = {} }: SimulatedRequest): string {
  const network = script === undefined ? {} : { network: 'yes', network_script: script };
  const all: Record<string, string> = {
    ...network,
    request: script === undefined ? 'fastagi' : `agi://127.0.0.1/${script}`,
    channel: 'PJSIP/100-00000001',
    language: 'en',
    type: 'PJSIP',
    uniqueid: '1700000000.1',
    version,
    callerid: 'unknown',
    calleridname: 'unknown',
    callingpres: '0',
    callingani2: '0',
    callington: '0',
    callingtns: '0',
    dnid: 'unknown',
    rdnis: 'unknown',
    context: 'default',
    extension: 's',
    priority: '1',
    enhanced: '0.0',
    accountcode: '',
    threadid: '1',
    ...values,
    ...Object.fromEntries(args.map((value, index) => [`arg_${index + 1}`, value])),
  };
  const lines = Object.entries(all).map(([name, value]) => `agi_${name}: ${value}\n`);
  return `${lines.join('')}\n`;
}
