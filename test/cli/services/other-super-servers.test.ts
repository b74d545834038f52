import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { printFinding, type Service } from '../../../src/cli/services/finding';
import { inetdServices } from '../../../src/cli/services/inetd-services';
import { parseListen, systemdServices } from '../../../src/cli/services/systemd-services';
import { findServices } from '../../../src/cli/services/services';
import { parseUnit } from '../../../src/cli/services/unit-text';
import { project } from '../../support/super-server';
import { factsBelow, program, systemWith } from './support/system';

const services = 'fastagi\t\t4573/tcp\n';

function shipped(file: string): string {
  return readFileSync(join(project, file), 'utf8');
}

describe('inetd.conf', () => {
  const look = (line: string): Service[] => {
    const root = systemWith({ '/etc/inetd.conf': `# fastagi\n${line}\n`, '/etc/services': services });
    return inetdServices(factsBelow(root), root);
  };
  const good = `127.0.0.1:fastagi stream tcp nowait.1000 root ${program} fastagi`;

  it.each([
    ['in order', good, undefined],
    ['with options', `${good} --config /etc/other.conf`, undefined],
    ['of IPv6', good.replace('127.0.0.1', '[::1]').replace('tcp', 'tcp6'), undefined],
    ['with a port', good.replace(':fastagi', ':4573'), undefined],
    ['of another user', good.replace('root', 'daemon:daemon'), 'warning: each script runs as daemon, not as its owner'],
    ['of a user who is not there', good.replace('root', 'nobodyhere'), 'error: nobodyhere is no user of this machine'],
    ['on all addresses', good.replace('127.0.0.1:', ''), 'warning: everybody who reaches this machine'],
    ['on all addresses, named', good.replace('127.0.0.1', '*'), 'warning: everybody who reaches this machine'],
    ['with the usual rate', good.replace('.1000', ''), 'warning: more than 256 calls a minute'],
    ['with a low rate', good.replace('.1000', '.60'), 'warning: more than 60 calls a minute'],
    ['that waits', good.replace('nowait.1000', 'wait'), 'error: fastagi serves one call a process'],
    ['that hands the socket to the workers', `${good.replace('nowait.1000', 'wait')} listen`, undefined],
    ['that hands a call to the workers', `${good} listen`, 'error: `fastagi listen` wants the listening socket, not a call'],
    ['of datagrams', good.replace('stream tcp', 'dgram udp'), 'error: Asterisk comes by TCP'],
    ['not in /etc/services', good.replace(':fastagi', ':agi'), 'error: agi does not stand in /etc/services'],
    ['that ends too early', good.replace(` ${program} fastagi`, ' /usr/local/bin/fastagi'), 'error: the line has 6 words'],
    ['whose program is not there', good.replace(program, '/nowhere/fastagi'), 'error: /nowhere/fastagi is no program'],
    ['that starts another program', good.replace(program, '/bin/false'), 'error: /bin/false is not fastagi'],
  ])('a line %s', (_, line, found) => {
    const [service, ...more] = look(line);
    expect(more).toEqual([]);
    const lines = service?.findings.map(({ level, what }) => `${level}: ${what}`);
    if (found === undefined) expect(lines).toEqual([]);
    else expect(lines).toEqual([expect.stringContaining(found)]);
    expect(service?.isOffered).toBe(!found?.startsWith('error'));
  });

  it('says where it listens', () => {
    expect(look(good)[0]).toMatchObject({ line: 2, listens: [{ host: '127.0.0.1', port: 4573 }] });
    expect(look(good.replace('127.0.0.1', '[::1]'))[0]?.listens).toEqual([{ host: '::1', port: 4573 }]);
    expect(look(good.replace('127.0.0.1', '*'))[0]?.listens).toEqual([{ host: undefined, port: 4573 }]);
  });

  it('with lines of others, and comments', () => {
    expect(look('finger stream tcp nowait nobody /usr/sbin/tcpd in.fingerd')).toEqual([]);
    expect(look(`#${good}`)).toEqual([]);
  });

  it('as it is shipped', () => {
    expect(look(shipped('inetd/inetd.conf.snippet')).map(({ findings }) => findings)).toEqual([[]]);
  });
});

describe("systemd's units", () => {
  const files = {
    '/etc/systemd/system/fastagi.socket': shipped('systemd/fastagi.socket'),
    '/etc/systemd/system/fastagi@.service': shipped('systemd/fastagi@.service'),
    '/etc/systemd/system/sockets.target.wants/fastagi.socket': '',
  };
  const look = (more: Readonly<Record<string, string>>, prepare: (root: string) => void = () => undefined): Service[] => {
    const root = systemWith({ ...files, ...more });
    prepare(root);
    return systemdServices(factsBelow(root), root);
  };
  const socketWith = (from: string | RegExp, to: string): Record<string, string> => ({
    '/etc/systemd/system/fastagi.socket': files['/etc/systemd/system/fastagi.socket'].replace(from, to),
  });
  const serviceWith = (from: string, to: string): Record<string, string> => ({
    '/etc/systemd/system/fastagi@.service': files['/etc/systemd/system/fastagi@.service'].replace(from, to),
  });

  it('as they are shipped', () => {
    expect(look({})).toEqual([
      {
        superServer: 'systemd',
        name: 'fastagi.socket',
        file: '/etc/systemd/system/fastagi.socket',
        line: undefined,
        isOffered: true,
        isSwitchedOff: false,
        listens: [
          { host: '127.0.0.1', port: 4573 },
          { host: '::1', port: 4573 },
        ],
        findings: [],
      },
    ]);
  });

  it.each([
    ['hands the listening socket over', socketWith('Accept=yes', 'Accept=no'), 'error: fastagi serves one call a process'],
    ['listens nowhere', socketWith(/^ListenStream.*$/gm, ''), 'error: it listens nowhere'],
    ['listens on all addresses', socketWith('127.0.0.1:4573', '4573'), 'warning: everybody who reaches this machine'],
    ['listens on all addresses, named', socketWith('127.0.0.1:4573', '0.0.0.0:4573'), 'warning: everybody who reaches this machine'],
    ['stops after a burst', socketWith('TriggerLimitIntervalSec=0', 'TriggerLimitIntervalSec=2s'), 'warning: some hundred calls'],
    ['takes few calls', socketWith('MaxConnections=500', ''), 'warning: more than 64 calls'],
    ['has a line that is none', socketWith('Accept=yes', 'Accept=yes\nBacklog 9'), 'warning: systemd passes "Backlog 9" over'],
    ['starts nothing', serviceWith(`ExecStart=${program}`, ''), 'error: it starts nothing'],
    ['starts another program', serviceWith(`ExecStart=${program}`, 'ExecStart=/bin/false'), 'error: /bin/false is not fastagi'],
    [
      'starts what is not there',
      serviceWith(`ExecStart=${program}`, 'ExecStart=-"/opt/fastagi" --debug'),
      'error: /opt/fastagi is no program',
    ],
    ['starts no call', serviceWith(`ExecStart=${program}`, `ExecStart=${program} check`), 'error: fastagi check serves no call'],
    ['keeps the call to itself', serviceWith('StandardInput=socket', ''), 'error: the call does not reach the program'],
    ['says nothing to Asterisk', serviceWith('StandardOutput=socket', 'StandardOutput=journal'), 'error: what fastagi says does not reach'],
    ['runs as another', serviceWith('User=root', 'User=daemon'), 'warning: each script runs as daemon'],
  ])('a socket that %s', (_, changed, found) => {
    const findings = look(changed).flatMap((one) => one.findings.map(({ level, what }) => `${level}: ${what}`));
    expect(findings[0]).toContain(found);
    expect(look(changed)[0]?.isOffered).toBe(found.startsWith('warning'));
  });

  it('of the workers, as they are shipped, are in order', () => {
    const root = systemWith({
      '/etc/systemd/system/fastagi-workers.socket': shipped('systemd/fastagi-workers.socket'),
      '/etc/systemd/system/fastagi-workers.service': shipped('systemd/fastagi-workers.service').replace('/usr/local/bin/fastagi', program),
      '/etc/systemd/system/sockets.target.wants/fastagi-workers.socket': '',
    });
    const [found, ...more] = systemdServices(factsBelow(root), root);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ name: 'fastagi-workers.socket', isOffered: true, findings: [] });
    expect(found?.listens).toEqual([
      { host: '127.0.0.1', port: 4573 },
      { host: '::1', port: 4573 },
    ]);
  });

  it('that systemd does not start', () => {
    const root = systemWith({ '/etc/systemd/system/fastagi.socket': files['/etc/systemd/system/fastagi.socket'] });
    const [found] = systemdServices(factsBelow(root), root);
    expect(found?.findings.map(printFinding)).toEqual([
      '/etc/systemd/system/fastagi.socket: there is no fastagi@.service; copy it from the systemd directory of fastagi: fastagi install --for systemd',
      '/etc/systemd/system/fastagi.socket: it does not start with the machine; systemctl enable --now fastagi.socket',
    ]);
  });

  it('with drop-ins, of which an empty value takes back what came before', () => {
    const dropIn = '/etc/systemd/system/fastagi.socket.d/address.conf';
    const [found] = look({ [dropIn]: '[Socket]\nListenStream=\nListenStream=0.0.0.0:4574\n' });
    expect(found?.listens).toEqual([{ host: '0.0.0.0', port: 4574 }]);
    expect(found?.findings.map(printFinding)).toEqual([expect.stringContaining(`${dropIn}, line 3: everybody who reaches`)]);
  });

  it('of which those of /etc come first', () => {
    const [found] = look({ '/usr/lib/systemd/system/fastagi.socket': '[Socket]\nListenStream=1\n' });
    expect(found?.file).toBe('/etc/systemd/system/fastagi.socket');
  });

  it('that a package brings are none before somebody enables them', () => {
    const brought = {
      '/usr/lib/systemd/system/fastagi.socket': files['/etc/systemd/system/fastagi.socket'],
      '/usr/lib/systemd/system/fastagi@.service': files['/etc/systemd/system/fastagi@.service'],
    };
    const root = systemWith(brought);
    expect(systemdServices(factsBelow(root), root)).toEqual([]);
    const enabled = systemWith({ ...brought, '/etc/systemd/system/sockets.target.wants/fastagi.socket': '' });
    expect(systemdServices(factsBelow(enabled), enabled)).toMatchObject([{ isOffered: true, findings: [] }]);
  });

  it('that are switched off', () => {
    const masked = look({}, (root) => {
      mkdirSync(join(root, 'run/systemd/system'), { recursive: true });
      symlinkSync('/dev/null', join(root, 'etc/systemd/system/masked.socket'));
    });
    expect(masked).toHaveLength(1);
  });

  it('under other names are found by their program', () => {
    const root = systemWith({
      '/etc/systemd/system/agi.socket': files['/etc/systemd/system/fastagi.socket'],
      '/etc/systemd/system/agi@.service': files['/etc/systemd/system/fastagi@.service'],
      '/usr/lib/systemd/system/other.socket': '[Socket]\nListenStream=/run/other\n',
    });
    expect(systemdServices(factsBelow(root), root).map(({ name }) => name)).toEqual(['agi.socket']);
  });

  it.each([
    ['4573', { host: undefined, port: 4573 }],
    ['127.0.0.1:4573', { host: '127.0.0.1', port: 4573 }],
    ['[::]:4573', { host: '::', port: 4573 }],
    ['/run/fastagi.sock', undefined],
  ])('listen at %s', (value, place) => {
    expect(parseListen(value)).toEqual(place);
  });

  it('go on behind a backslash, and know two kinds of comments', () => {
    const text = '# a\n; b\n[Service]\nExecStart=/bin/a \\\n# between\n  b\nUser = root\n[Unit]\nstray\n';
    expect(parseUnit(text)).toEqual({
      settings: [
        { section: 'Service', name: 'ExecStart', value: '/bin/a    b', line: 4 },
        { section: 'Service', name: 'User', value: 'root', line: 7 },
      ],
      stray: [{ line: 9, text: 'stray' }],
    });
  });
});

it("xinetd's file as it is shipped is in order", async () => {
  const { xinetdServices } = await import('../../../src/cli/services/xinetd-files');
  const root = systemWith({
    '/etc/xinetd.conf': 'includedir /etc/xinetd.d\n',
    '/etc/xinetd.d/fastagi': shipped('xinetd/fastagi'),
    '/etc/services': shipped('services.snippet'),
  });
  const all = xinetdServices(factsBelow(root), root);
  expect(all.map(({ isOffered, isSwitchedOff }) => [isOffered, isSwitchedOff])).toEqual([
    [true, false],
    [false, true],
  ]);
  expect(all[0]?.findings).toEqual([]);
  const off = shipped('xinetd/fastagi').replace(
    /disable( +)= (?:no|yes)/g,
    (_, blanks: string) => `disable${blanks}= ${_.endsWith('no') ? 'yes' : 'no'}`,
  );
  const other = systemWith({
    '/etc/xinetd.conf': 'includedir /etc/xinetd.d\n',
    '/etc/xinetd.d/fastagi': off,
    '/etc/services': shipped('services.snippet'),
  });
  expect(xinetdServices(factsBelow(other), other).filter(({ isOffered }) => isOffered)).toMatchObject([
    { findings: [], listens: [{ host: '127.0.0.1', port: 4573 }] },
  ]);
});

describe('all together', () => {
  const units = {
    '/etc/systemd/system/fastagi.socket': shipped('systemd/fastagi.socket'),
    '/etc/systemd/system/fastagi@.service': shipped('systemd/fastagi@.service'),
    '/etc/systemd/system/sockets.target.wants/fastagi.socket': '',
  };
  const xinetd = { '/etc/xinetd.conf': 'includedir /etc/xinetd.d\n', '/etc/services': services };
  const off = shipped('xinetd/fastagi').replace(/disable( +)= no/, 'disable$1= yes');

  it('leave out what is switched off, if another one is offered', () => {
    const alone = systemWith({ ...xinetd, '/etc/xinetd.d/fastagi': off, '/usr/sbin/xinetd': '' });
    expect(findServices(alone)).toMatchObject([{ superServer: 'xinetd', isOffered: false, isSwitchedOff: true }]);
    const both = systemWith({ ...xinetd, ...units, '/etc/xinetd.d/fastagi': off, '/usr/sbin/xinetd': '' });
    expect(findServices(both).map(({ superServer }) => superServer)).toEqual(['systemd']);
  });

  it('say if xinetd is not there at all', () => {
    const root = systemWith({ ...xinetd, '/etc/xinetd.d/fastagi': shipped('xinetd/fastagi') });
    expect(findServices(root).flatMap(({ findings }) => findings.map(printFinding))).toEqual([
      '/etc/xinetd.d/fastagi, line 6: xinetd is not installed; apt install xinetd; or: fastagi install --for systemd',
    ]);
  });
});
