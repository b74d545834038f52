import type { SystemFacts } from './system-facts';
import type { XinetdAttribute } from './xinetd-text';

interface Rule {
  /** How many values it takes; any number unless given. */
  readonly count?: number;
  readonly least?: 1;
  /** Says what is wrong with a value; undefined if nothing is. */
  readonly check?: (value: string, facts: SystemFacts) => string | undefined;
  /** May be added to by `+=`. */
  readonly adds?: true;
}

const number: Rule = { count: 1, check: (value) => (/^-?\d+$/.test(value) ? undefined : 'is no number') };
const limit: Rule = { count: 1, check: (value) => (/^(?:\d+|UNLIMITED)$/i.test(value) ? undefined : 'is neither a number nor UNLIMITED') };
const memory: Rule = { count: 1, check: (value) => (/^(?:\d+[KM]?|UNLIMITED)$/i.test(value) ? undefined : 'is no size') };
const yesOrNo: Rule = { count: 1, check: (value) => (/^(?:yes|no)$/i.test(value) ? undefined : 'is neither yes nor no') };
const anything: Rule = { count: 1 };
const addable: Rule = { adds: true };
const oneOf = (words: string, rule: Rule = { least: 1 }): Rule => ({
  ...rule,
  check: (value) => (words.split(' ').includes(value.toLowerCase()) ? undefined : `is none of ${words}`),
});

/** Every attribute that xinetd knows. */
const rules: Readonly<Record<string, Rule>> = {
  id: anything,
  type: oneOf('rpc internal tcpmux tcpmuxplus unlisted special'),
  flags: oneOf('intercept noretry idonly namedinargs nameinargs nodelay keepalive nolibwrap sensor ipv4 ipv6 labeled reuse', {
    adds: true,
  }),
  disable: yesOrNo,
  socket_type: oneOf('stream dgram raw seqpacket', { count: 1 }),
  protocol: oneOf('tcp udp sctp icmp', { count: 1 }),
  wait: yesOrNo,
  user: { count: 1, check: (value, { isUser }) => (/^\d+$/.test(value) || isUser(value) ? undefined : 'is no user of this machine') },
  group: { count: 1, check: (value, { isGroup }) => (/^\d+$/.test(value) || isGroup(value) ? undefined : 'is no group of this machine') },
  groups: yesOrNo,
  instances: limit,
  nice: number,
  server: { count: 1, check: (value, { isExecutable }) => (isExecutable(value) ? undefined : 'is no program that can be executed') },
  server_args: { least: 1 },
  libwrap: anything,
  only_from: addable,
  no_access: addable,
  access_times: addable,
  log_type: { least: 1 },
  log_on_success: oneOf('pid host exit duration traffic userid', { adds: true }),
  log_on_failure: oneOf('host attempt userid record', { adds: true }),
  rpc_version: anything,
  rpc_number: number,
  env: { adds: true, check: (value) => (value.includes('=') ? undefined : 'is not NAME=VALUE') },
  passenv: addable,
  port: { count: 1, check: (value) => (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) < 65_536 ? undefined : 'is no port') },
  redirect: { count: 2 },
  bind: anything,
  interface: anything,
  banner: anything,
  banner_success: anything,
  banner_fail: anything,
  per_source: limit,
  cps: { count: 2, check: (value) => (/^\d+$/.test(value) ? undefined : 'is no number') },
  max_load: anything,
  umask: { count: 1, check: (value) => (/^[0-7]+$/.test(value) ? undefined : 'is no umask, such as 027') },
  mdns: yesOrNo,
  v6only: yesOrNo,
  deny_time: anything,
  rlimit_as: memory,
  rlimit_data: memory,
  rlimit_rss: memory,
  rlimit_stack: memory,
  rlimit_files: limit,
  rlimit_cpu: limit,
};

/** What xinetd makes of an attribute. */
export type Judgement =
  | { readonly what: 'taken' }
  /** It goes on as if the attribute were not there. */
  | { readonly what: 'passed over'; readonly why: string; readonly remedy: string }
  /** It does not offer the service. */
  | { readonly what: 'disables'; readonly why: string; readonly remedy: string };

/** @param isSet whether an earlier line set it already */
export function judgeAttribute({ name, operator, values }: XinetdAttribute, isSet: boolean, facts: SystemFacts): Judgement {
  const rule = rules[name];
  if (!rule) return passedOver('xinetd knows no such setting', 'correct its name, or take the line out');
  if (operator !== '=' && !rule.adds) return passedOver(`${operator} is not for it`, 'write =');
  if (isSet && operator === '=') return passedOver('an earlier line has set it', 'leave one of the lines');
  if (rule.count !== undefined && values.length !== rule.count) {
    const wanted = rule.count === 1 ? 'one value' : `${rule.count} values`;
    return passedOver(`it takes ${wanted}, and has ${values.length}`, 'write just that; a comment needs a line of its own');
  }
  if (values.length === 0 && rule.least) return { what: 'disables', why: 'it has no value', remedy: 'give it one, or take the line out' };
  for (const value of values) {
    const why = rule.check?.(value, facts);
    if (why !== undefined) return { what: 'disables', why: `${JSON.stringify(value)} ${why}`, remedy: 'correct it' };
  }
  return { what: 'taken' };
}

function passedOver(why: string, remedy: string): Judgement {
  return { what: 'passed over', why, remedy };
}
