import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';

const modules =
  `pbx_config pbx_spool res_agi res_speech app_echo app_playback app_verbose app_dial app_read app_record app_senddtmf app_stack
 app_exec app_sayunixtime app_system app_originate app_userevent func_channel func_strings func_global func_db func_env func_math
 func_logic func_callerid func_uri func_shell func_base64 format_gsm format_wav format_pcm codec_gsm codec_ulaw codec_alaw
 bridge_simple res_timing_timerfd res_musiconhold res_clioriginate`.split(/\s+/);

/** Configurations that Asterisk looks for whether we use them or not; without them its log is full of warnings. */
const empty = `acl ccss cdr cel cli cli_permissions cli_aliases codecs features http indications manager musiconhold pjproject
 pjsip stasis udptl dnsmgr enum extconfig sorcery modules_extra`.split(/\s+/);

/** What a test needs beside the dialplan. */
export interface Parts {
  /** Further modules. */
  readonly modules?: readonly string[];
  /** Configurations by their names without `.conf`, and other files below etc by their names; `{run}` is the run's directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** The process whose network it shares, if not this machine's. */
  readonly network?: number;
}

/** Writes the configuration of one private Asterisk below `run`. */
export function writeConfiguration(run: string, root: string, dialplan: string, parts: Parts = {}): void {
  const places = ['asterisk/modules', ...readdirSync(`${root}/usr/lib`).map((name) => `${name}/asterisk/modules`)];
  const modulesPlace = places.find((place) => existsSync(`${root}/usr/lib/${place}/res_agi.so`));
  if (modulesPlace === undefined) throw new Error(`no Asterisk modules below ${root}/usr/lib`);
  for (const name of ['etc', 'run', 'db', 'keys', 'spool', 'spool/tmp', 'spool/outgoing', 'log', 'agi-bin', 'out'])
    mkdirSync(`${run}/${name}`, { recursive: true });
  // Scripts of any owner leave results there, and have Asterisk call.
  for (const name of ['out', 'spool/outgoing', 'spool']) chmodSync(`${run}/${name}`, 0o1777);

  const write = (name: string, text: string) => {
    writeFileSync(`${run}/etc/${name.includes('.') ? name : `${name}.conf`}`, text.replaceAll('{run}', run));
  };
  for (const name of empty) write(name, '');
  write(
    'asterisk',
    `[directories]
astetcdir => ${run}/etc
astmoddir => /usr/lib/${modulesPlace}
astvarlibdir => /var/lib/asterisk
astdbdir => ${run}/db
astkeydir => ${run}/keys
astdatadir => /usr/share/asterisk
astagidir => /var/lib/asterisk/agi-bin
astspooldir => ${run}/spool
astrundir => ${run}/run
astlogdir => ${run}/log
[options]
verbose = 5
highpriority = no
defaultlanguage = en
rungroup =
runuser =
`,
  );
  write('logger', '[general]\ndateformat=%T\n[logfiles]\nfull => notice,warning,error,verbose(5)\n');
  write('modules', `[modules]\nautoload=no\n${[...modules, ...(parts.modules ?? [])].map((name) => `load=${name}.so\n`).join('')}`);
  write('extensions', dialplan);
  for (const [name, text] of Object.entries(parts.files ?? {})) write(name, text);
}
