import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { masked } from '../../src/ground/masking';
import { parseIni } from '../../src/config/parse-ini';
import { parseSettings } from '../../src/config/parse-settings';
import { readSettings } from '../../src/config/read-settings';
import { knownKeys } from '../../src/config/settings-table';
import { unknownKeys } from '../../src/config/unknown-keys';

const read = (text: string) => parseSettings(parseIni(text, 'phpagi.conf'));

describe('phpagi.conf', () => {
  it('has a default for every key', () => {
    expect(read('')).toEqual({
      phpagi: {
        debug: false,
        errorHandler: true,
        admin: undefined,
        hostname: undefined,
        smtp: undefined,
        sendmail: '/usr/sbin/sendmail',
        tempdir: '/var/spool/asterisk/tmp/',
      },
      asmanager: {
        server: 'localhost',
        port: 5038,
        username: 'phpagi',
        secret: 'phpagi',
        tls: false,
        tlsCa: undefined,
        tlsName: undefined,
        writeLog: false,
      },
      fastagi: {
        setuid: true,
        root: false,
        leastUid: 100,
        allowUsers: [],
        environment: [],
        secretsFor: [],
        basedir: '/var/lib/asterisk/agi-bin/',
        log: undefined,
        logCalls: true,
        environmentTimeout: 10,
        hangupGrace: 60,
        allow: [],
        proxyProtocol: [],
        foreign: true,
        errorPlayback: undefined,
        errorGoto: undefined,
        numbers: 'full',
        record: undefined,
        recordKeep: 30,
        recordMax: 1000,
        traceSocket: '/run/fastagi-trace.sock',
        user: undefined,
        group: undefined,
        workers: 0,
        workerCalls: 0,
        workerMemory: 512,
        workerStall: 30,
        slowCall: 1,
        maxCalls: 1000,
        maxCallsPerPeer: 0,
        drain: 30,
        idleExit: 0,
        keepalive: 60,
        metrics: undefined,
        statusSocket: '/run/fastagi/status.sock',
        logFormat: 'text',
      },
      festival: { text2wave: 'text2wave' },
      cepstral: { swift: 'swift', voice: undefined },
      tts: { engine: undefined },
      withheld: false,
      sections: {},
    });
    expect(read('[asmanager]\ntls = on').asmanager.port).toBe(5039);
  });

  it.each([
    ['[asmanager]\nport', 'asmanager', 'port', 1, 65_535],
    ['[fastagi]\nleast_uid', 'fastagi', 'leastUid', 0, 4_294_967_295],
    ['[fastagi]\nenvironment_timeout', 'fastagi', 'environmentTimeout', 1, 3600],
    ['[fastagi]\nhangup_grace', 'fastagi', 'hangupGrace', 0, 86_400],
    ['[fastagi]\nworkers', 'fastagi', 'workers', 1, 256],
    ['[fastagi]\nmax_calls', 'fastagi', 'maxCalls', 1, 100_000],
    ['[fastagi]\nkeepalive', 'fastagi', 'keepalive', 15, 7200],
  ] as const)('%s has a least and a most', (key, section, name, least, most) => {
    for (const value of [least, most]) expect(read(`${key} = ${value}`)[section]).toMatchObject({ [name]: value });
    for (const value of [least - 1, most + 1, `${least}.5`, `0x${least}`, 'ten'])
      expect(() => read(`${key} = ${value}`)).toThrow(`; write a whole number from ${least} to ${most}`);
  });

  it.each(['true', 'on', 'yes', '1', 'TRUE', '"on"'])('takes %s for yes', (word) => {
    expect(read(`[phpagi]\ndebug=${word}`).phpagi.debug).toBe(true);
  });

  it.each(['false', 'off', 'no', '0', 'none', '', 'None', '""'])('takes "%s" for no', (word) => {
    expect(read(`[phpagi]\nerror_handler = ${word}`).phpagi.errorHandler).toBe(false);
  });

  it.each([
    ['a#b', 'a#b'],
    ['"a;b"', 'a;b'],
    ["'a#b;c'", 'a#b;c'],
    ['plain ; a comment', 'plain'],
    ['"a;b" ; a comment', 'a;b'],
    ["'1e5'", '1e5'],
    ["'12345678901234567890'", '12345678901234567890'],
    ['a\\b\\\\#c', 'a\\b\\\\#c'],
    ['"a\\b \\"c\\" \\\\"', 'a\\b "c" \\'],
    ["'a\\\\b\\'", 'a\\\\b\\'],
    ["it's", "it's"],
    ['[x]', '[x]'],
    ['p=a=s=s', 'p=a=s=s'],
    ['null', 'null'],
    ['12.50', '12.50'],
    ['__proto__', '__proto__'],
  ])('reads the value %s as %s', (written, value) => {
    expect(read(`[asmanager]\nsecret = ${written}\n`).asmanager.secret).toBe(value);
  });

  it.each(['none', 'Off', 'no', 'false', 'null', ''])('takes "%s" for a text that is not set', (word) => {
    expect(read(`[fastagi]\nlog = ${word}\nerror_goto = ${word}`).fastagi).toMatchObject({ log: undefined, errorGoto: undefined });
  });

  const other: Record<string, string> = {
    allow: '192.0.2.7',
    proxy_protocol: '192.0.2.7',
    error_goto: 'a,b,c',
    port: '1',
    log_format: 'json',
    numbers: 'last3',
  };
  it.each(Object.entries(knownKeys()).flatMap(([section, keys]) => keys.map((key) => [section, key] as const)))(
    'reads [%s] %s',
    (section, key) => {
      const { sections: _none, ...defaults } = read('');
      const changed = [other[key], 'on', 'off', '17'].filter((value) => {
        try {
          const { sections: _own, ...settings } = read(`[${section}]\n${key} = ${value}`);
          return value !== undefined && JSON.stringify(settings) !== JSON.stringify(defaults);
        } catch {
          return false;
        }
      });
      expect(changed).not.toEqual([]);
    },
  );

  it('keeps dots in names, sections of others, Windows line ends and a byte order mark', () => {
    const settings = read('\ufeff[a.b]\r\nx.y = 1 ; comment\r\n# another\r\n[fastagi]\r\nbasedir=/x\r\n');
    expect(settings.sections['a.b']).toEqual({ 'x.y': '1' });
    expect(settings.fastagi.basedir).toBe('/x');
  });

  it('reads lists and places', () => {
    const { fastagi } = read('[fastagi]\nallow = 10.0.0.0/8, ::1 192.0.2.1\nerror_goto = errors, s ,1\n');
    expect(fastagi.allow).toEqual(['10.0.0.0/8', '::1', '192.0.2.1']);
    expect(fastagi.errorGoto).toEqual({ context: 'errors', extension: 's', priority: '1' });
  });

  it.each([
    ['[phpagi]\ndebug = maybe', /\[phpagi\] debug is "maybe"; write true or false/],
    ['[asmanager]\nport = 70000', /\[asmanager\] port is "70000"; write a whole number from 1 to 65535/],
    ['[fastagi]\nhangup_grace = -1', /hangup_grace/],
    ['[fastagi]\nerror_goto = here', /write context,extension,priority/],
    ['nonsense', /phpagi\.conf, line 1: neither/],
    ['[asmanager]\nsecret = "hunter2', /line 2: a quote that is not closed/],
    ['[asmanager]\nsecret = "hunter2" # why', /line 2: .*write comments with ;/],
    ['x = 1', /line 1: it stands before the first \[section\]; put \[phpagi\] above it/],
    ['\n; comment\nbasedir = /x', /line 3: .*; put \[fastagi\] above it/],
    ['[phpagi\nx=1', /line 1/],
    ['[]\nx=1', /line 1/],
    ['[a[b]\nx=1', /line 1/],
    ['[phpagi] x', /line 1/],
    ['[phpagi]\n\0binary=\0', /line 2/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('names all that is wrong at once, each with its line', () => {
    const text =
      'debug = on\nadmin = me\nserver = x\nsecret = hunter2\nbasedir = /x\n[phpagi]\ndebug = maybe\n\nnonsense\n[asmanager]\nport = 0\n[fastagi]\nallow = no\nhangup_grace = 5\n[asmanager]\ntls = perhaps\n';
    const error = (() => {
      try {
        return read(text);
      } catch (thrown) {
        return thrown as { code: string; message: string };
      }
    })();
    expect(error).toMatchObject({ code: 'FASTAGI_CONFIG_MALFORMED' });
    expect((error as { message: string }).message.split('\n')).toEqual([
      'phpagi.conf, line 1: it stands before the first [section]; put [phpagi] above it',
      'phpagi.conf, line 3: it stands before the first [section]; put [asmanager] above it',
      'phpagi.conf, line 5: it stands before the first [section]; put [fastagi] above it',
      'phpagi.conf, line 9: neither [section] nor key = value; write comments with ; and values as key = value',
      'phpagi.conf, line 7: [phpagi] debug is "maybe"; write true or false',
      'phpagi.conf, line 16: [asmanager] tls is "perhaps"; write true or false',
      'phpagi.conf, line 11: [asmanager] port is "0"; write a whole number from 1 to 65535',
      'phpagi.conf, line 13: [fastagi] allow is "no"; write addresses and networks such as 192.0.2.7, 10.0.0.0/8, or any',
    ]);
  });

  it('keeps a byte order mark inside a value', () => {
    expect(read('\ufeff[mine]\nx = a\ufeffb\n').sections['mine']).toEqual({ x: 'a\ufeffb' });
    expect(read('[mine]\nx = a\ufeffb\n').sections['mine']).toEqual({ x: 'a\ufeffb' });
  });

  it.each(['secret hunter2', 'secret = "hunter2'])('never shows the line of a secret in an error', (line) => {
    expect(() => read(`[asmanager]\n${line}`)).toThrow(/^(?!.*hunter2)/);
  });
});

describe('what is shown', () => {
  it('masks secrets, whatever their section', () => {
    const shown = JSON.stringify(
      masked(
        read(
          '[asmanager]\nsecret=hunter1\n[mine]\nDB_PASSWORD=hunter2\nurl=smtp://me:hunter3@host/\napi_token=hunter4\nname=shown\ndb_pass=hunter5\ndsn=mysql:host=h;password=hunter6\nproxy=http://a:hunter7@x@h/',
        ),
      ),
    );
    expect(shown).not.toContain('hunter');
    expect(shown).toContain('shown');
    expect(shown).toContain('smtp://me:****@host/');
  });

  it('names unknown keys and the nearest known one', () => {
    expect(unknownKeys(parseIni('[fastagi]\nbasdir=1\nzzz=1\n[phpagy]\n[my-own]\nx=1\n', 'x'))).toEqual([
      'x, line 2: [fastagi] basdir is unknown; did you mean basedir?',
      'x, line 3: [fastagi] zzz is unknown',
      '[phpagy] is unknown; did you mean [phpagi]?',
    ]);
  });

  it('leaves sections of others alone whose names are short, or mean something to JavaScript', () => {
    expect(unknownKeys(parseIni('[sms]\nx=1\n[db]\nx=1\n[constructor]\nx=1\n[__proto__]\nx=1\n', 'x'))).toEqual([]);
  });
});

describe('the file', () => {
  const dir = mkdtempSync(join(tmpdir(), 'fastagi-settings-'));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('gives way to the command line', () => {
    const config = join(dir, 'phpagi.conf');
    writeFileSync(config, '[phpagi]\ndebug=on\n[fastagi]\nbasedir=/x\nsetuid=on\nlog=/y\n');
    const settings = readSettings({ config, basedir: '/z', setuid: false, debug: false });
    expect(settings).toMatchObject({ phpagi: { debug: false }, fastagi: { basedir: '/z', setuid: false, log: '/y' } });
  });

  it('must be there where it is named', () => {
    expect(() => readSettings({ config: join(dir, 'gone') })).toThrow(/gone cannot be read: ENOENT.*correct --config/);
    expect(() => readSettings({ config: dir })).toThrow(/cannot be read: EISDIR/);
  });
});
