import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printFinding, type Service } from '../../../src/cli/services/finding';
import { xinetdServices } from '../../../src/cli/services/xinetd-files';
import { factsBelow, program, systemWith } from './support/system';
import { freePort } from '../../../scripts/ports.mjs';
import { describeWith } from '../../support/parts';
import { stopProcess, until } from '../../support/super-server';

/** A system with this as /etc/xinetd.d/fastagi. */
function xinetdWith(text: string, { name = 'fastagi', conf = 'defaults\n{\n}\nincludedir /etc/xinetd.d\n', services = '' } = {}): string {
  return systemWith({ '/etc/xinetd.conf': conf, [`/etc/xinetd.d/${name}`]: text, '/etc/services': services });
}

function look(root: string): Service[] {
  return xinetdServices(factsBelow(root), root);
}

const settings: Readonly<Record<string, string>> = {
  socket_type: 'stream',
  protocol: 'tcp',
  type: 'UNLISTED',
  port: '4573',
  wait: 'no',
  user: 'root',
  server: program,
  bind: '127.0.0.1',
  cps: '1000 1',
  instances: '500',
  flags: 'NODELAY KEEPALIVE',
  passenv: 'PATH',
};

/** A service that is in order, but for these; undefined leaves one out. */
function service(changes: Readonly<Record<string, string | undefined>> = {}, more = ''): string {
  const lines = Object.entries({ ...settings, ...changes }).flatMap(([key, value]) => (value === undefined ? [] : [`  ${key} = ${value}`]));
  return `service fastagi\n{\n${lines.join('\n')}\n${more}}\n`;
}

/** What stands in the file, whether xinetd offers it, and what is found. */
const rows: [what: string, text: string, isOffered: boolean, found: string | undefined][] = [
  ['in order', service(), true, undefined],
  ['with tabs, comments, empty lines and a stranger', service({}, '\n   # x\n').replaceAll(' = ', '\t=\t'), true, undefined],
  ['in capitals', service().replace('service', 'Service').replace('wait', 'Wait'), true, undefined],
  ['no braces', service().replace('{\n', '').replace('}\n', ''), false, 'line 2: `{` is missing: xinetd passes the service over; write { alone in a line behind line 1'],
  ['a brace in the same line', service().replace('\n{', ' {'), false, '`{` is missing'],
  ['something behind the brace', service().replace('{', '{ x'), false, '`{` is missing'],
  ['no closing brace', service().replace('}\n', ''), false, '`}` is missing at the end'],
  ['something behind the closing brace', service().replace('}', '} x'), false, '"} x" is no setting'],
  ['no blanks around =', service().replaceAll(' = ', '='), false, '"socket_type=stream" is no setting: xinetd passes the service over; write NAME = VALUE, with blanks around ='],
  ['no =', service({}, '  disable no\n'), false, '"disable no" is no setting'],
  ['something before it', `port 4573\n${service()}`, false, '"port 4573" stands outside of any service'],
  ['no name', service().replace(' fastagi', ''), false, '"service" stands outside'],
  ['an empty bind', service({ bind: '' }), true, 'bind: it takes one value, and has 0, so that it listens on all addresses'],
  ['no bind', service({ bind: undefined }), true, 'everybody who reaches this machine can run your scripts; add: only_from = 127.0.0.1'],
  ['an empty list of callers', service({ only_from: '' }), true, 'only_from: an empty list lets nobody call'.replace('only_from: ', '')],
  ['empty arguments', service({ server_args: '' }), false, 'server_args: it has no value'],
  ['a server that is not there', service({ server: '/nowhere/fastagi' }), false, 'server: "/nowhere/fastagi" is no program that can be executed'],
  ['a server that is no program', service({ server: '/etc/services' }), false, '"/etc/services" is no program'],
  ['a server without its path', service({ server: 'fastagi' }), false, '"fastagi" is no program'],
  ['no server', service({ server: undefined }), false, `server is not set; add: server = ${program}`],
  ['no wait', service({ wait: undefined }), false, 'wait is not set; add: wait = no'],
  ['no user', service({ user: undefined }), false, 'user is not set; add: user = root'],
  ['no port for an unlisted one', service({ port: undefined }), false, 'a service of type UNLISTED needs a port; add: port = 4573'],
  ['not in /etc/services', service({ type: undefined, port: undefined }), false, "fastagi does not stand in /etc/services; add the line there: echo 'fastagi\t\t4573/tcp' >> /etc/services"],
  ['a port and not in /etc/services', service({ type: undefined }), false, 'fastagi does not stand in /etc/services'],
  ['no protocol', service({ protocol: undefined }), true, undefined],
  ['no kind of socket', service({ socket_type: undefined }), true, undefined],
  ['datagrams', service({ socket_type: 'dgram', protocol: 'udp' }), true, 'Asterisk comes by TCP'],
  ['a user who is not there', service({ user: 'nobodyhere' }), false, 'user: "nobodyhere" is no user of this machine'],
  ['a group that is not there', service({}, '  group = nogrouphere\n'), false, 'group: "nogrouphere" is no group'],
  ['another user than root', service({ user: 'daemon' }), true, 'each script runs as daemon, not as its owner; write: user = root'],
  ['a wait that is neither', service({ wait: 'maybe' }), false, 'wait: "maybe" is neither yes nor no'],
  ['the listening socket for the program', service({ wait: 'yes' }), true, 'fastagi serves one call a process, unless it is told to listen; write: wait = no, or add the argument `listen`'],
  ['a call for the workers', service({ server_args: 'listen' }), true, '`fastagi listen` wants the listening socket, not a call; write: wait = yes'],
  ['the listening socket for the workers', service({ wait: 'yes', server_args: 'listen --config /etc/x.conf --metrics 127.0.0.1:9573', only_from: undefined, cps: undefined, instances: undefined, user: 'daemon' }), true, undefined],
  ['the workers with an address of their own', service({ wait: 'yes', server_args: 'listen --host ::1' }), true, 'fastagi listen --host ::1 serves no call of the network'],
  ['disabled', service({ disable: 'yes' }), false, 'the service is disabled; write: disable = no'],
  ['disabled in other words', service({ disable: 'on' }), false, 'disable: "on" is neither yes nor no'],
  ['a setting that it does not know', service({ serverargs: 'x' }), true, 'serverargs: xinetd knows no such setting'],
  ['a comment behind a value', service({ port: '4573 # agi' }), false, 'port: it takes one value, and has 3; write just that; a comment needs a line of its own'],
  ['a setting twice', service({}, '  server = /bin/false\n'), true, 'server: an earlier line has set it'],
  ['a list that is added to', service({}, '  only_from = 127.0.0.1\n  only_from += 10.0.0.1\n'), true, undefined],
  ['what cannot be added to', service({ server_args: undefined }, '  server_args += --debug\n'), true, 'server_args: += is not for it; write ='],
  ['a word for a number', service({ instances: 'many' }), false, 'instances: "many" is neither a number nor UNLIMITED'],
  ['half a rate', service({ cps: '1000' }), true, 'cps: it takes 2 values, and has 1'],
  ['words for a rate', service({ cps: 'x y' }), false, 'cps: "x" is no number'],
  ['a flag that it does not know', service({ flags: 'NODELAYS' }), false, 'flags: "NODELAYS" is none of'],
  ['a type that it does not know', service({ type: 'UNLIST' }), false, 'type: "UNLIST" is none of'],
  ['a word for a port', service({ port: 'fastagi' }), false, 'port: "fastagi" is no port'],
  ['a port too large', service({ port: '99999' }), false, 'port: "99999" is no port'],
  ['a umask that is none', service({ umask: '9' }), false, 'umask: "9" is no umask'],
  ['half a log', service({ log_type: '' }), false, 'log_type: it has no value'],
  ['what it cannot log', service({ log_on_success: 'PID NONSENSE' }), false, 'log_on_success: "NONSENSE" is none of'],
  ['half a variable', service({ env: 'A' }), false, 'env: "A" is not NAME=VALUE'],
  ['all limits', service({ per_source: 'UNLIMITED', rlimit_cpu: '600', rlimit_as: '100M', nice: '-5', groups: 'yes', umask: '027', env: 'A=b C=d' }), true, undefined],
  ['no rate', service({ cps: undefined }), true, 'more than 50 calls a second, and xinetd takes none for 10 s; write: cps = 1000 1'],
  ['no limit', service({ instances: undefined }), true, 'nothing limits how many calls run at once'],
  ['no flags', service({ flags: undefined }), true, 'each command may wait for the one before it'],
  ['no choice of the environment', service({ passenv: undefined }), true, 'the program gets the environment of xinetd'],
]; // prettier-ignore

describe("xinetd's files", () => {
  it.each(rows)('%s', (_, text, isOffered, found) => {
    const services = look(xinetdWith(text));
    expect(services.map((one) => one.isOffered)).toEqual([isOffered]);
    const lines = services.flatMap(({ findings }) => findings.map(printFinding));
    if (found === undefined) expect(lines).toEqual([]);
    else expect(lines).toEqual([expect.stringContaining(found)]);
  });

  it('whose arguments are for no call of the network', () => {
    const [found] = look(xinetdWith(service({ server_args: 'run x.js' })));
    expect(found?.findings.map(({ what }) => what)).toEqual(['fastagi run x.js serves no call of the network']);
    const good = look(xinetdWith(service({ server_args: '--config /etc/other.conf --no-setuid' })));
    expect(good[0]?.findings).toEqual([]);
  });

  it('that start it below node', () => {
    const root = xinetdWith(service({ server: '/usr/local/bin/node', server_args: `--no-rehash-snapshot ${program}` }));
    writeFileSync(join(root, 'usr/local/bin/node'), '', { mode: 0o755 });
    expect(look(root)[0]?.findings).toEqual([]);
    const other = xinetdWith(service({ server: '/usr/local/bin/node', server_args: '/nowhere/fastagi' }));
    writeFileSync(join(other, 'usr/local/bin/node'), '', { mode: 0o755 });
    expect(look(other)[0]?.findings.map(({ what }) => what)).toEqual(['/nowhere/fastagi is no program that can be executed']);
  });

  it('that start another program, or another fastagi', () => {
    const root = xinetdWith(service({ server: '/usr/local/bin/phpagi' }));
    writeFileSync(join(root, 'usr/local/bin/phpagi'), '', { mode: 0o755 });
    expect(look(root)[0]?.findings.map(printFinding)).toEqual([
      `/etc/xinetd.d/fastagi, line 9: /usr/local/bin/phpagi is not fastagi; name ${program}`,
    ]);
    const linked = xinetdWith(service({ server: '/usr/bin/fastagi' }));
    mkdirSync(join(linked, 'usr/bin'));
    symlinkSync('../local/bin/fastagi', join(linked, 'usr/bin/fastagi'));
    expect(look(linked)[0]?.findings).toEqual([]);
    rmSync(join(linked, 'usr/bin/fastagi'));
    writeFileSync(join(linked, 'usr/bin/fastagi'), '', { mode: 0o755 });
    expect(look(linked)[0]?.findings.map(({ level, what }) => [level, what])).toEqual([
      ['warning', `/usr/bin/fastagi is another fastagi than this one, ${program}`],
    ]);
  });

  it('that it does not read at all', () => {
    const [found] = look(xinetdWith(service(), { name: 'fastagi.conf' }));
    expect(found?.isOffered).toBe(false);
    expect(found?.findings.map(printFinding)).toEqual([
      '/etc/xinetd.d/fastagi.conf: xinetd does not read files whose names hold a dot or end in ~; mv /etc/xinetd.d/fastagi.conf /etc/xinetd.d/fastagi',
    ]);
  });

  it('whose port stands in /etc/services', () => {
    const services = '# a comment\nother 1/tcp\nagi 4573/tcp fastagi # by another name\nfastagi 9/udp\n';
    expect(look(xinetdWith(service({ type: undefined, port: undefined }), { services }))).toMatchObject([
      { isOffered: true, findings: [], listens: [{ host: '127.0.0.1', port: 4573 }] },
    ]);
    const [found] = look(xinetdWith(service({ type: undefined, port: '4574' }), { services }));
    expect(found?.findings.map(({ what }) => what)).toEqual(['/etc/services has port 4573 for fastagi']);
  });

  it.each([
    ['disabled = other fastagi', false],
    ['enabled = other', false],
    ['enabled = fastagi', true],
    ['disabled = other', true],
  ])('%s for all', (line, isOffered) => {
    expect(look(xinetdWith(service(), { conf: `defaults\n{\n${line}\n}\nincludedir /etc/xinetd.d\n` }))[0]?.isOffered).toBe(isOffered);
  });

  it('that are read one by one, and not without end', () => {
    const root = xinetdWith(service(), { conf: 'include /etc/more\n' });
    writeFileSync(join(root, 'etc/more'), 'include /etc/more\nincludedir /etc/xinetd.d\nincludedir /nowhere\n');
    expect(look(root).length).toBeGreaterThan(0);
    const named = xinetdWith('service agi\n{\n}\n', { conf: `include /etc/xinetd.d/fastagi\n${service()}` });
    expect(look(named).map(({ file }) => file)).toEqual(['/etc/xinetd.conf']);
  });

  it('with two services on one port', () => {
    const [first, second, third] = look(xinetdWith(`${service()}${service()}`));
    expect([first?.findings, second?.findings]).toEqual([[], []]);
    expect(third?.findings.map(({ what }) => what)).toEqual(['another service has port 4573 already']);
  });

  it('that speak of other services only', () => {
    expect(look(xinetdWith(service().replaceAll('fastagi', 'other')))).toEqual([]);
    expect(look(xinetdWith('service other\ndisable = yes\n'))).toEqual([]);
  });
});

describeWith({ xinetd: existsSync('/usr/sbin/xinetd') && process.getuid?.() === 0 }, 'xinetd itself', () => {
  it.concurrent.each(rows)('makes the same of what is %s', async (_, text, isOffered) => {
    const root = mkdtempSync(join(tmpdir(), 'fastagi-xinetd-'));
    const log = join(root, 'log');
    const port = String(await freePort('127.0.0.1'));
    writeFileSync(log, '');
    writeFileSync(join(root, 'conf'), text.replaceAll('4573', port).replaceAll(program, '/bin/true'));
    const child = spawn('/usr/sbin/xinetd', ['-dontfork', '-f', join(root, 'conf'), '-pidfile', join(root, 'pid'), '-filelog', log], {
      stdio: 'ignore',
    });
    try {
      const begun = await until('xinetd', () => /Started working: (\d+) available/.exec(readFileSync(log, 'utf8')) ?? undefined);
      expect(begun[1]).toBe(isOffered ? '1' : '0');
    } finally {
      await stopProcess(child);
      rmSync(root, { recursive: true });
    }
  });
});
