import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { makePlace, startXinetd, stopProcess, until, type Place, type SuperServer } from '../support/super-server';

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'settings', () => {
  let place: Place;
  let server: SuperServer;

  beforeAll(async () => {
    place = makePlace();
    place.use('noop.cjs', 'ok.js');
    place.use('settings/throws.js');
    server = await startXinetd(place);
  });
  afterAll(async () => {
    await server.stop();
    place.remove();
  });

  const configure = (fastagi: string, more = ''): void => {
    writeFileSync(
      place.config,
      `[fastagi]\nleast_uid=1\nlog_calls=no\nbasedir=${place.basedir}\nlog=${place.dir}/log\n${fastagi}\n${more}\n`,
    );
  };

  async function call(script: string, first = ''): Promise<Peer> {
    const peer = openPeer(server.port, first + environment(script));
    await peer.closed;
    return peer;
  }

  it('debug shows request, configuration and errors on the console, and no secret', async () => {
    configure('', '[phpagi]\ndebug = on\n[asmanager]\nsecret = hunter2\n[mine]\napi_token = hunter3');
    const { commands } = await call('throws.js');
    const console_ = commands.filter((line) => line.startsWith('VERBOSE')).join('\n');
    expect(console_).toContain('[agi_network_script] => throws.js');
    expect(console_).toContain('[secret] => ****');
    expect(console_).toContain(`[basedir] => ${place.basedir}`);
    expect(console_).toContain('Error: boom');
    expect(console_).toContain('the cause');
    expect(commands.join('\n') + place.log()).not.toMatch(/hunter/);
  });

  it('what a script logs, and the causes that debug mode shows, hold no password of an address', async () => {
    place.use('settings/logs.js');
    configure('', '[phpagi]\ndebug = on');
    const { commands } = await call('logs.js');
    expect(commands.join('\n')).toContain('mysql://web:****@db refused');
    expect(place.log()).toContain('cannot reach mysql://web:****@db');
    expect(commands.join('\n') + place.log()).not.toContain('hunter2');
  });

  it('without it not one line more than the script has', async () => {
    configure('');
    expect((await call('ok.js')).commands).toEqual(['NOOP', 'SET VARIABLE "FASTAGISTATUS" "SUCCESS"']);
  });

  it('error_handler writes the error in full; without it the log has its one line', async () => {
    configure('', '[phpagi]\nerror_handler = off');
    const before = place.log().length;
    await call('throws.js');
    const brief = place.log().slice(before);
    expect(brief.trim().split('\n')).toHaveLength(1);
    expect(brief).toContain('FAILURE: Error: boom');
    configure('');
    await call('throws.js');
    const full = place.log().slice(before + brief.length);
    expect(full).toMatch(/throws\.js:2:\d+/);
    expect(full).toContain('the cause');
  });

  it.each([
    ['a line that is none', 'what is this', /line 6: neither \[section\] nor key = value/],
    ['a value that makes no sense', 'setuid = perhaps', /\[fastagi\] setuid is "perhaps"; write true or false/],
    ['a number out of range', 'environment_timeout = 0', /whole number from 1 to 3600/],
    ['allow', 'allow = 10.0.0.0/99', /\[fastagi\] allow: 10.0.0.0\/99/],
  ])('a malformed configuration does not cost the call its report: %s', async (_what, line, reason) => {
    configure(line);
    const peer = await call('ok.js');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(reason);
    expect(peer.commands).not.toContain('NOOP');
    await until('its status', () => /EXIT: fastagi status=100/.test(server.output()));
  });

  it.each([
    ['192.0.2.0/24', 'FORBIDDEN'],
    ['127.0.0.0/8 192.0.2.1', 'SUCCESS'],
    ['any', 'SUCCESS'],
    ['::1', 'FORBIDDEN'],
  ])('allow = %s: %s', async (allow, status) => {
    configure(`allow = ${allow}`);
    expect(variableSet(await call('ok.js'), 'FASTAGISTATUS')).toBe(status);
  });

  it.each([
    ['version 1', 'PROXY TCP4 192.0.2.7 192.0.2.1 5000 4573\r\n'],
    ['version 2', `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc0\0\x02\x01\x13\x88\x11\xdd`],
  ])('proxy_protocol takes the address of the header, %s', async (_what, header) => {
    configure('proxy_protocol = 127.0.0.0/8\nallow = 192.0.2.7');
    expect(variableSet(await call('ok.js', header), 'FASTAGISTATUS')).toBe('SUCCESS');
    configure('proxy_protocol = 127.0.0.1\nallow = 192.0.2.8');
    expect(variableSet(await call('ok.js', header), 'FASTAGISTATUS')).toBe('FORBIDDEN');
  });

  it('proxy_protocol: a header of somebody else is none, so that nobody can choose an address', async () => {
    configure('proxy_protocol = 192.0.2.1\nallow = 192.0.2.7');
    const peer = openPeer(server.port, `PROXY TCP4 192.0.2.7 192.0.2.1 5000 4573\r\n${environment('ok.js')}`);
    await peer.closed;
    expect(peer.commands).not.toContain('NOOP');
    const honest = openPeer(server.port, environment('ok.js'));
    await honest.closed;
    expect(honest.commands).toEqual(['SET VARIABLE "FASTAGISTATUS" "FORBIDDEN"']);
  });

  const openingWords: [line: string, why: RegExp][] = [
    ...['none', 'no', 'off', 'false', 'null', '0', ''].map(
      (word) => [`allow = ${word}`, /\[fastagi\] allow is .*; write addresses/] as [string, RegExp],
    ),
    ...['true', 'yes', '1', 'on'].map(
      (word) => [`proxy_protocol = ${word}`, /\[fastagi\] proxy_protocol is .*; write the addresses of the proxies/] as [string, RegExp],
    ),
    ['proxy_protocol = somewhere', /\[fastagi\] proxy_protocol: somewhere is neither an address nor a network/],
    ['allow = somewhere', /\[fastagi\] allow: somewhere is neither an address nor a network/],
  ];
  it.each(openingWords)('a word that would open the door is an error: %s', async (line, why) => {
    configure(line);
    const peer = await call('ok.js');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('FAILURE');
    expect(variableSet(peer, 'FASTAGIERROR')).toMatch(why);
    expect(peer.commands).not.toContain('NOOP');
  });

  it('proxy_protocol refuses a connection without a header', async () => {
    configure('proxy_protocol = 127.0.0.1');
    expect((await call('ok.js')).commands).toEqual([]);
    await until('the log', () => /no PROXY header can be read/.test(place.log()));
  });

  it('a log that cannot be opened does not cost the call', async () => {
    writeFileSync(place.config, `[fastagi]\nbasedir=${place.basedir}\nlog=/no/such/directory/log\n`);
    expect(variableSet(await call('ok.js'), 'FASTAGISTATUS')).toBe('SUCCESS');
  });
});

const logSocketIsFree = !existsSync('/dev/log');

describeWith(
  {
    xinetd: hasProgram('xinetd'),
    root: isRoot,
    logger: hasProgram('logger'),
    perl: hasProgram('perl'),
    '/dev/log of our own': logSocketIsFree,
  },
  'syslog',
  () => {
    it('gets every line through the system’s logger, what children print included', async () => {
      const place = makePlace();
      writeFileSync(place.config, `[fastagi]\nbasedir=${place.basedir}\nlog=syslog\nlog_calls=no\n`);
      const listener = spawn('perl', ['-e', syslogListener, join(place.dir, 'syslog')], { stdio: 'ignore' });
      await until('the syslog socket', () => existsSync('/dev/log'));
      const server = await startXinetd(place);
      try {
        place.use('settings/says.js');
        const peer = openPeer(server.port, environment('says.js'));
        await peer.closed;
        const { readFileSync } = await import('node:fs');
        const syslog = await until('syslog', () => {
          const text = existsSync(join(place.dir, 'syslog')) ? readFileSync(join(place.dir, 'syslog'), 'utf8') : '';
          return /from the script/.test(text) && /from a child/.test(text) && /FAILURE: Error: boom/.test(text) && text;
        });
        const call = String.raw`fastagi\[\d+\]: `;
        // Facility daemon (24); each line's severity is that of what it is, and a script's own lines choose none.
        expect(syslog).toMatch(new RegExp(`^<30>.*${call}PJSIP/100-00000001 says.js: from the script$`, 'm'));
        expect(syslog).toMatch(new RegExp(`^<28>.*${call}warning: PJSIP/100-00000001 says.js: take care$`, 'm'));
        expect(syslog).toMatch(new RegExp(`^<27>.*${call}error: PJSIP/100-00000001 says.js: FAILURE: Error: boom$`, 'm'));
        expect(syslog).toMatch(new RegExp(`^<30>.*${call}<0>from a child$`, 'm'));
      } finally {
        await server.stop();
        await stopProcess(listener);
        place.remove();
      }
    });
  },
);

const syslogListener = `
  use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); bind($s, sockaddr_un("/dev/log")) or die; chmod 0666, "/dev/log";
  $SIG{TERM} = sub { unlink "/dev/log"; exit 0 };
  open(my $f, ">>", $ARGV[0]); select($f); $| = 1;
  while (1) { recv($s, my $m, 8192, 0); print $f "$m\\n" if defined $m && length $m; }`;
