import { describe, expect, it } from 'vitest';
import { isBun } from '../support/super-server';
import { contents, install, uninstall, withXinetd } from './support/installed';
import { tree } from './support/tree';

describe('fastagi install --workers', () => {
  it('sets up workers, for each super-server', () => {
    const xinetd = tree(withXinetd);
    expect(install(xinetd, '--workers', '--yes').stdout).toContain('fastagi for xinetd, in workers');
    const text = contents(xinetd)['etc/xinetd.d/fastagi'] ?? '';
    expect(text.match(/^\tdisable .*$/gm)).toEqual(['\tdisable         = yes', '\tdisable         = no']);
    expect(text).toMatch(
      isBun ? /^\tserver {10}= .*\/fastagi-bun\n\tserver_args {5}= listen$/m : /^\tserver_args {5}= .*bin\/fastagi listen$/m,
    );
    expect(contents(xinetd)['etc/asterisk/phpagi.conf']).toMatch(/^user = asterisk$/m);
    const systemd = tree({});
    install(systemd, '--workers', '--for', 'systemd', '--yes');
    const units = contents(systemd);
    expect(units['etc/systemd/system/fastagi-workers.service']).toMatch(
      isBun ? /^ExecStart=.*\/fastagi-bun listen$/m : /^ExecStart=.*node .*bin\/fastagi listen$/m,
    );
    expect(units['etc/systemd/system/fastagi-workers.socket']).toContain('Accept=no');
    expect(units['etc/systemd/system/fastagi.socket']).toBeUndefined();
    const inetd = tree({ '/etc/inetd.conf': '' });
    install(inetd, '--workers', '--for', 'inetd', '--yes');
    expect(contents(inetd)['etc/inetd.conf']).toMatch(
      isBun
        ? /stream tcp wait root \S+\/fastagi-bun fastagi-bun listen$/m
        : /^127\.0\.0\.1:fastagi stream tcp wait root \S+ node \S+ listen$/m,
    );
  });

  it.each([
    ['[phpagi]\n\n[fastagi] ; ours\nbasedir = /opt/agi\n', '[phpagi]\n\n[fastagi] ; ours\nuser = asterisk\nbasedir = /opt/agi\n'],
    ['[phpagi]\ndebug = true\n', '[phpagi]\ndebug = true\n[fastagi]\nuser = asterisk\n'],
    ['[fastagi]\nuser = other\n', '[fastagi]\nuser = other\n'],
  ])('names whom workers become in a configuration from before: %j', (before, after) => {
    const root = tree({ ...withXinetd, '/etc/asterisk/phpagi.conf': before });
    install(root, '--workers', '--yes');
    expect(contents(root)['etc/asterisk/phpagi.conf']).toBe(after);
    expect(install(root, '--workers', '--yes').stdout).toContain('All of it is there already.');
    uninstall(root);
    expect(contents(root)['etc/asterisk/phpagi.conf']).toBe(before);
  });

  it('lets workers be nobody if Asterisk is root', () => {
    const root = tree({ ...withXinetd, '/etc/asterisk/asterisk.conf': '[options]\nrunuser = root\n' });
    install(root, '--workers', '--yes');
    expect(contents(root)['etc/asterisk/phpagi.conf']).toMatch(/^user = nobody$/m);
  });

  it('changes from one form to the other, and back', () => {
    const root = tree(withXinetd);
    install(root, '--yes');
    const before = contents(root)['etc/xinetd.d/fastagi'];
    expect(install(root, '--workers', '--yes').stdout).toContain('-\tdisable         = no');
    expect(contents(root)['etc/xinetd.d/fastagi']).not.toBe(before);
    install(root, '--yes');
    expect(contents(root)['etc/xinetd.d/fastagi']).toBe(before);
    uninstall(root);
    expect(contents(root)['etc/xinetd.d/fastagi']).toBeUndefined();
  });
});
