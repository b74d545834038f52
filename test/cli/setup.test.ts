import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasProgram } from '../support/parts';
import { isBun, program, project, runtime } from '../support/super-server';
import { contents, install, uninstall, withXinetd } from './support/installed';
import { tree } from './support/tree';

describe('fastagi install', () => {
  it('shows what it would change, and changes nothing', () => {
    const root = tree(withXinetd);
    const before = contents(root);
    const { status, stdout } = install(root, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain("fastagi for xinetd, scripts below /var/lib/asterisk/agi-bin, Asterisk's user asterisk\n");
    expect(stdout).toContain('changed file /etc/services\n@@ -1,1 +1,2 @@\n ssh 22/tcp\n+fastagi\t\t4573/tcp');
    expect(stdout).toContain('new file /etc/asterisk/phpagi.conf (root:asterisk, mode 0640)\n@@ -0,0 +1');
    expect(stdout).toContain('new file /var/lib/asterisk/agi-bin/test-agi.js (asterisk:asterisk, mode 0644)');
    expect(stdout).toMatch(/new file \/etc\/xinetd\.d\/fastagi /);
    expect(stdout).toMatch(
      isBun ? /^\+\tserver {10}= .*\/fastagi-bun$/m : /^\+\tserver {10}= .*node\n\+\tserver_args {5}= .*bin\/fastagi$/m,
    );
    expect(stdout.includes('\n+\tenv             = BUN_JSC_useJIT=0\n')).toBe(isBun);
    expect(stdout).toMatch(/Nothing was changed \(--dry-run\)\.\n$/);
    expect(contents(root)).toEqual(before);
  });

  it('does not change anything without being told to', () => {
    const root = tree(withXinetd);
    const before = contents(root);
    expect(install(root)).toMatchObject({ status: 100, stderr: 'fastagi: nothing was changed; --yes does it without asking\n' });
    expect(contents(root)).toEqual(before);
  });

  it('puts everything there, once; and uninstall takes exactly that back', () => {
    const root = tree(withXinetd);
    const before = contents(root);
    expect(install(root, '--yes')).toMatchObject({ status: 0, stderr: '' });
    const installed = contents(root);
    expect(installed['etc/services']).toMatch(/^ssh 22\/tcp\nfastagi\t\t4573\/tcp\t.*\n$/);
    expect(installed['var/lib/asterisk/agi-bin/node_modules/fastagi']).toBe(`-> ${project.replace(/\/$/, '')}`);
    expect(JSON.parse(installed['var/lib/asterisk/agi-bin/package.json'] ?? '')).toMatchObject({
      type: 'module',
      dependencies: { fastagi: `file:${project.replace(/\/$/, '')}` },
    });
    expect(installed['etc/asterisk/phpagi.conf']).toContain('\nbasedir = /var/lib/asterisk/agi-bin/\n');
    expect(lstatSync(join(root, 'etc/asterisk/phpagi.conf')).mode & 0o777).toBe(0o640);
    if (process.getuid?.() === 0) {
      expect(lstatSync(join(root, 'etc/asterisk/phpagi.conf'))).toMatchObject({ uid: 0, gid: 222 });
      expect(lstatSync(join(root, 'var/lib/asterisk/agi-bin/test-agi.js'))).toMatchObject({ uid: 111, gid: 222 });
    }
    const again = install(root, '--yes');
    expect(again.stdout).toContain('\nAll of it is there already.\n');
    expect(contents(root)).toEqual(installed);

    const would = uninstall(root, '--dry-run');
    expect(would.stdout).toContain('would take back: /etc/xinetd.d/fastagi\n');
    expect(contents(root)).toEqual(installed);
    const { status, stdout } = uninstall(root);
    expect(stdout.replaceAll('taken back', 'would take back')).toBe(would.stdout.replace('Nothing was changed (--dry-run).\n', ''));
    expect(status).toBe(0);
    const left = contents(root);
    // Which were missing, and may hold others' by now.
    expect(Object.keys(left).filter((path) => !(path in before))).toEqual(['var', 'var/lib']);
    for (const [path, text] of Object.entries(before)) expect(left[path]).toBe(text);
    expect(uninstall(root).stdout).toBe('Nothing to take back: fastagi install has put nothing here.\n');
  });

  it('leaves alone what is there', () => {
    const mine = {
      '/etc/asterisk/phpagi.conf': '[fastagi]\nbasedir = /srv/agi/\n',
      '/srv/agi/package.json': '{}',
      '/srv/agi/test-agi.js': '// mine',
      '/etc/xinetd.d/fastagi': '# mine\n',
      '/etc/services': 'agi 4573/tcp fastagi',
    };
    const root = tree({ ...withXinetd, ...mine });
    const { stdout } = install(root, '--yes');
    expect(stdout).toContain('fastagi for xinetd, scripts below /srv/agi,');
    expect(stdout).toContain('kept: /etc/xinetd.d/fastagi is not as install would write it; --force replaces it, and saves the old one\n');
    for (const [path, text] of Object.entries(mine)) expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    expect(existsSync(join(root, 'srv/agi/node_modules/fastagi'))).toBe(true);

    install(root, '--yes', '--force');
    expect(readFileSync(join(root, '/etc/xinetd.d/fastagi'), 'utf8')).toContain('service fastagi\n{\n');
    const saved = readdirSync(join(root, 'etc/xinetd.d')).filter((name) => name.startsWith('fastagi.saved-'));
    expect(saved.map((name) => readFileSync(join(root, 'etc/xinetd.d', name), 'utf8'))).toEqual(['# mine\n']);
    expect(readFileSync(join(root, '/etc/asterisk/phpagi.conf'), 'utf8')).toBe(mine['/etc/asterisk/phpagi.conf']);
  });

  it('writes a new version of its own file, and keeps one that was changed', () => {
    const root = tree(withXinetd);
    const file = join(root, 'etc/xinetd.d/fastagi');
    install(root, '--yes');
    const text = readFileSync(file, 'utf8');
    const record = join(root, 'var/lib/fastagi/install.json');
    // As if this version wrote something else.
    const older = text.replace('instances       = 500', 'instances       = 400');
    writeFileSync(file, older);
    writeFileSync(record, readFileSync(record, 'utf8').replaceAll(digestIn(record, '/etc/xinetd.d/fastagi'), digestOf(older)));
    expect(install(root, '--yes').stdout).toContain('changed file /etc/xinetd.d/fastagi\n');
    expect(readFileSync(file, 'utf8')).toBe(text);
    writeFileSync(file, older);
    expect(install(root, '--yes').stdout).toContain('kept: /etc/xinetd.d/fastagi');
    expect(uninstall(root).stdout).toContain('kept: /etc/xinetd.d/fastagi: it was changed since; --force removes it\n');
    expect(readFileSync(file, 'utf8')).toBe(older);
  });

  it('switches on a service that a package brought, and off again', () => {
    const root = tree(withXinetd);
    const file = join(root, 'etc/xinetd.d/fastagi');
    install(root, '--yes');
    const text = readFileSync(file, 'utf8');
    const off = text.replace(/disable( +)= no/, 'disable$1= yes');
    uninstall(root);
    writeFileSync(file, off);
    expect(install(root, '--yes').stdout).toMatch(
      /changed file \/etc\/xinetd\.d\/fastagi\n@@[^]*\n-\tdisable {9}= yes\n\+\tdisable {9}= no\n/,
    );
    expect(readFileSync(file, 'utf8')).toBe(text);
    install(root, '--yes');
    uninstall(root);
    expect(readFileSync(file, 'utf8')).toBe(off);
    expect(readdirSync(join(root, 'etc/xinetd.d')).toSorted()).toEqual(['fastagi', 'time']);
  });

  it('takes the units that a package brought', () => {
    const root = tree();
    install(root, '--yes');
    const names = ['fastagi.socket', 'fastagi@.service'];
    const units = Object.fromEntries(
      names.map((name) => [`/usr/lib/systemd/system/${name}`, readFileSync(join(root, 'etc/systemd/system', name), 'utf8')]),
    );
    const brought = tree(units);
    expect(install(brought, '--yes').stdout).toContain('fastagi for systemd,');
    expect(existsSync(join(brought, 'etc/systemd'))).toBe(false);
  });

  it('does not turn old scripts into ES modules', () => {
    const root = tree({ '/var/lib/asterisk/agi-bin/old.js': 'module.exports = () => 0' });
    install(root, '--yes', '--for', 'systemd');
    const basedir = join(root, 'var/lib/asterisk/agi-bin');
    expect(JSON.parse(readFileSync(join(basedir, 'package.json'), 'utf8'))).not.toHaveProperty('type');
    expect(existsSync(join(basedir, 'test-agi.mjs'))).toBe(true);
  });

  it('writes units for systemd, if no xinetd is there', () => {
    const root = tree();
    const { stdout } = install(root, '--yes');
    expect(stdout).toContain('fastagi for systemd,');
    expect(readFileSync(join(root, 'etc/systemd/system/fastagi.socket'), 'utf8')).toBe(
      readFileSync(join(project, 'systemd/fastagi.socket'), 'utf8'),
    );
    expect(readFileSync(join(root, 'etc/systemd/system/fastagi@.service'), 'utf8')).toMatch(
      isBun ? /^ExecStart=\S+\/fastagi-bun\n(?:#.*\n)*Environment=BUN_JSC_useJIT=0$/m : /^ExecStart=\S+node \S+\/fastagi$/m,
    );
    expect(readFileSync(join(root, 'etc/services'), 'utf8')).toBe('ssh 22/tcp\n');
  });

  it.runIf(hasProgram('systemd-analyze'))('writes units that systemd takes', () => {
    const root = tree();
    install(root, '--yes');
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', './fastagi.socket', './fastagi@1.service'], {
      cwd: join(root, 'etc/systemd/system'),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('adds a line for inetd', () => {
    const root = tree({ '/usr/sbin/inetd': '', '/etc/inetd.conf': '# none' });
    expect(install(root, '--yes').stdout).toContain('fastagi for inetd,');
    expect(readFileSync(join(root, 'etc/inetd.conf'), 'utf8')).toMatch(
      isBun
        ? /^# none\n127\.0\.0\.1:fastagi stream tcp nowait\.1000 root \/usr\/bin\/env env BUN_JSC_useJIT=0 \S+\/fastagi-bun\n$/
        : /^# none\n127\.0\.0\.1:fastagi stream tcp nowait\.1000 root \S+node node \S+\/fastagi\n$/,
    );
    uninstall(root);
    expect(readFileSync(join(root, 'etc/inetd.conf'), 'utf8')).toBe('# none\n');
  });

  it('goes on with the super-server that has a service already', () => {
    const root = tree({ ...withXinetd, '/etc/systemd/system/fastagi.socket': '[Socket]\n' });
    expect(install(root, '--dry-run').stdout).toContain('fastagi for systemd,');
    expect(install(root, '--dry-run', '--for', 'xinetd').stdout).toContain('fastagi for xinetd,');
  });

  it("takes Asterisk's directories from its own file", () => {
    const conf = '[directories](!)\nastagidir => /opt/agi ; ours\nastspooldir => /opt/spool\n\n[options]\nrunuser = root\n';
    const root = tree({ ...withXinetd, '/etc/asterisk/asterisk.conf': conf });
    const { stdout } = install(root, '--yes');
    expect(stdout).toContain("scripts below /opt/agi, Asterisk's user root\n");
    expect(existsSync(join(root, 'opt/spool/tmp'))).toBe(true);
  });

  it('names what is in its way', () => {
    const root = tree(withXinetd);
    mkdirSync(join(root, 'etc/xinetd.d/fastagi'));
    expect(install(root, '--yes')).toMatchObject({
      status: 100,
      stderr: 'fastagi: /etc/xinetd.d/fastagi is no file: move it away, and install again\n',
    });
    const damaged = tree({ '/var/lib/fastagi/install.json': '{' });
    expect(uninstall(damaged)).toMatchObject({
      status: 100,
      stderr: expect.stringContaining('/var/lib/fastagi/install.json is damaged') as string,
    });
  });

  it('keeps a directory of node_modules as it is, and mends a link that leads elsewhere', () => {
    const root = tree({ ...withXinetd, '/var/lib/asterisk/agi-bin/node_modules/fastagi/package.json': '{}' });
    expect(install(root, '--yes').stdout).not.toContain('agi-bin/node_modules/fastagi');
    const linked = tree(withXinetd);
    const modules = join(linked, 'var/lib/asterisk/agi-bin/node_modules');
    mkdirSync(modules, { recursive: true });
    symlinkSync('/old/fastagi', join(modules, 'fastagi'));
    expect(install(linked, '--yes').stdout).toContain('changed link (was /old/fastagi) /var/lib/asterisk/agi-bin/node_modules/fastagi');
    symlinkSync('/other', join(modules, 'other'));
    expect(uninstall(linked).stdout).toContain('taken back: /var/lib/asterisk/agi-bin/node_modules/fastagi\n');
    expect(readdirSync(modules)).toEqual(['other']);
  });

  it('is for root alone', () => {
    if (process.getuid?.() !== 0) return;
    for (const command of ['install', 'uninstall']) {
      const { status, stderr } = spawnSync(runtime, [program, command], { encoding: 'utf8', uid: 1, gid: 1, input: '' });
      expect(stderr).toBe(
        `fastagi: only root can ${command} fastagi: sudo fastagi ${command}; what it would do: fastagi ${command} --dry-run\n`,
      );
      expect(status).toBe(100);
    }
  });

  it('keeps what others have put into its directories', () => {
    const root = tree(withXinetd);
    install(root, '--yes');
    writeFileSync(join(root, 'var/lib/asterisk/agi-bin/mine.js'), '');
    const { stdout } = uninstall(root);
    expect(stdout).toContain('kept: /var/lib/asterisk/agi-bin: it holds something else\n');
    expect(readdirSync(join(root, 'var/lib/asterisk/agi-bin'))).toEqual(['mine.js']);
  });
});

function digestIn(record: string, path: string): string {
  const { changes } = JSON.parse(readFileSync(record, 'utf8')) as { changes: { path: string; digest?: string }[] };
  return changes.find((one) => one.path === path)?.digest ?? '';
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
