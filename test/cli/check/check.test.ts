import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../../support/parts';
import { isBun, makePlace, program, project, runtime, type Place } from '../../support/super-server';

let place: Place;
beforeEach(() => {
  place = makePlace('[phpagi]\ntempdir = /tmp');
});
afterEach(() => place.remove());

function check({ args = ['--config', place.config] as readonly string[], wrap = [] as readonly string[], uid = 0 } = {}) {
  const [command, ...rest] = [...wrap, runtime, program, 'check', ...args];
  return spawnSync(command as string, rest, { encoding: 'utf8', ...(uid > 0 && { uid, gid: uid }) });
}

describe('fastagi check', () => {
  it('takes any name that a request can have', () => {
    // What stands behind a question mark Bun takes for a query.
    const names = ['-x.js', '--config.js', 'a b.js', 'grüße.mjs', '100%.js', ...(isBun ? [] : ['x?y.js'])];
    for (const name of names) place.script(name, name.endsWith('.mjs') ? 'export default () => 0' : 'module.exports = () => 0');
    const { status, stdout } = check();
    expect(stdout.match(/ loads$/gm)).toHaveLength(names.length);
    expect(status).toBe(0);
  });

  it('reports a name that no request can have, and does not let it steer the terminal', () => {
    place.script('\x1b[31mred.js', 'module.exports = () => 0');
    const { status, stdout } = check();
    expect(status).toBe(100);
    expect(stdout).not.toContain('\x1b');
    expect(stdout).toMatch(/\\x1b\[31mred\.js .*is refused/);
  });

  it('looks into directories, but not at hidden files, libraries and other files', () => {
    mkdirSync(join(place.basedir, 'sub/node_modules'), { recursive: true });
    mkdirSync(join(place.basedir, '.git'));
    for (const name of ['sub/in.js', 'sub/node_modules/lib.js', '.git/hook.js', '.hidden.js', 'sub/data.json']) {
      place.script(name, 'module.exports = () => 0');
    }
    const { stdout } = check();
    expect(stdout).toMatch(/^Scripts below .*: 1$/m);
    expect(stdout).toMatch(/^ {2}sub\/in\.js .* loads$/m);
  });

  it('follows links once, and reports those that lead out or nowhere', () => {
    mkdirSync(join(place.basedir, 'sub'));
    place.script('sub/in.js', 'module.exports = () => 0');
    writeFileSync(join(place.dir, 'out.js'), '');
    symlinkSync('..', join(place.basedir, 'sub/up'));
    symlinkSync('sub/in.js', join(place.basedir, 'link.js'));
    symlinkSync('../out.js', join(place.basedir, 'out.js'));
    symlinkSync('nowhere.js', join(place.basedir, 'dangling.js'));
    symlinkSync('loop.js', join(place.basedir, 'loop.js'));
    symlinkSync(place.dir, join(place.basedir, 'outside'));
    const { status, stdout } = check();
    expect(status).toBe(100);
    expect(stdout).toMatch(/^Scripts below .*: 5$/m);
    expect(stdout).toMatch(/^ {2}sub\/in\.js .* loads$/m);
    expect(stdout).toMatch(/^ {2}link\.js .* loads$/m);
    expect(stdout).toMatch(/^ {2}out\.js .*leads out of basedir$/m);
    expect(stdout).toMatch(/^ {2}dangling\.js .*there is no script/m);
    expect(stdout).toMatch(/^ {2}loop\.js .*is refused/m);
    expect(stdout).toMatch(/^warning: outside leads out of basedir/m);
  });

  it('shows first what needs attention, then where each setting was set, and ends with a summary', () => {
    writeFileSync(place.config, `[fastagi]\nbasedir = /elsewhere\n\nhangup_grace = 7\n[phpagi]\ntempdir = /tmp\n`);
    place.script('good.cjs', 'module.exports = () => 0');
    place.script('bad.cjs', '(');
    const { stdout } = check({ args: ['--config', place.config, '--basedir', place.basedir, '--no-setuid'] });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('error: 1 script cannot be served, see below: bad.cjs');
    expect(lines).toContain(`Configuration: ${place.config}`);
    expect(stdout).toMatch(/^hangup_grace +7 {2}\(line 4\)$/m);
    expect(stdout).toMatch(/^basedir +\S+ {2}\(--basedir\)$/m);
    expect(stdout).toMatch(/^setuid +false {2}\(--no-setuid\)$/m);
    expect(stdout).toMatch(/^environment_timeout +10$/m);
    expect(lines.at(-1)).toBe('1 error, at the top. 1 script can be served.');
  });

  it('names all that is wrong in the file, each with its line', () => {
    writeFileSync(place.config, 'debug = true\n[fastagi]\nsetuid = perhaps\nhangup_grace = -1\n');
    const { stdout, status } = check();
    expect(status).toBe(100);
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      `error: ${place.config}, line 1: it stands before the first [section]; put [phpagi] above it`,
      `error: ${place.config}, line 3: [fastagi] setuid is "perhaps"; write true or false`,
      `error: ${place.config}, line 4: [fastagi] hangup_grace is "-1"; write a whole number from 0 to 86400`,
    ]);
  });

  it('warns where npm would take the link to the package away', () => {
    mkdirSync(join(place.basedir, 'node_modules'));
    symlinkSync(project, join(place.basedir, 'node_modules/fastagi'));
    place.script('package.json', '{ "type": "module" }');
    const warning = `npm install in ${place.basedir} would take fastagi away from the scripts, as its package.json does not name it: cd ${place.basedir} && npm install ${resolve(project)}`;
    expect(check().stdout).toContain(`warning: ${warning}`);
    place.script('package.json', `{ "type": "module", "dependencies": { "fastagi": "file:${project}" } }`);
    expect(check().stdout).not.toContain('npm install');
  });

  it('lists programs that cannot be started, and files that lack the execute bit', () => {
    place.script('plain.php', '<?php');
    place.script('old', '#!/bin/sh\n');
    place.script('data.json', '{}');
    spawnSync('mkfifo', [join(place.basedir, 'pipe')]);
    place.script('bang.cjs', '#!/usr/bin/env -S fastagi run\r\nmodule.exports = () => 0;\r\n');
    place.script('fine.cjs', '#!/usr/bin/env -S fastagi run\nmodule.exports = () => 0;\n');
    chmodSync(place.script('windows.sh', '#!/bin/sh\r\n'), 0o755);
    const { stdout, status } = check();
    expect(status).toBe(100);
    expect(stdout).toContain(
      `warning: plain.php has no execute bit, and cannot be called; if it is a program: chmod +x ${place.basedir}/plain.php`,
    );
    expect(stdout).toContain('warning: old has no execute bit');
    expect(stdout).not.toMatch(/data\.json|pipe/);
    expect(stdout).toMatch(/bang\.cjs .*loads\n +warning: Asterisk cannot start it by itself: its lines end with CR LF/);
    expect(stdout).toMatch(/fine\.cjs .*loads\n(?! +warning)/);
    expect(stdout).toMatch(/windows\.sh .*error: it cannot be started: its lines end with CR LF/);
  });

  it('keeps what a script prints while it is loaded to itself', () => {
    place.script('noisy.js', 'console.log("noise"); console.error("noise"); module.exports = () => 0');
    const { stdout, stderr, status } = check();
    expect(stdout + stderr).not.toContain('noise');
    expect(status).toBe(0);
  });

  it('reports scripts that end, kill or hang the process while they are loaded', { timeout: 60_000 }, () => {
    place.script('exit.js', 'process.exit(0)');
    const hang = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    place.script('kill.js', `process.kill(process.pid, "SIGTERM"); ${hang}`);
    place.script('hang.js', hang);
    place.script('wait.mjs', 'await new Promise((done) => setTimeout(done, 3_600_000)); export default () => 0');
    const { status, stdout } = check();
    expect(status).toBe(100);
    expect(stdout).toMatch(/exit\.js .*it ends the process while it is loaded \(status 0\)/);
    expect(stdout).toMatch(/kill\.js .*it ends the process while it is loaded \(SIGTERM\)/);
    expect(stdout).toMatch(/hang\.js .*loading did not end within 10 s/);
    expect(stdout).toMatch(/wait\.mjs .*loading did not end within 10 s/);
  });

  it.each([
    ['[asmanager]\nsecret = s3cret'],
    ['[phpagi]\nsmtp = smtp://me@example.org:s3cret@127.0.0.1'],
    ['[mine]\ndb_password = s3cret'],
    ['[mine]\ndsn = mysql://web:s3cret@db'],
  ])('names a file that everybody may read and that holds a secret: %j', (lines) => {
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\n${lines}\n`);
    chmodSync(place.config, 0o644);
    const { stdout } = check();
    expect(stdout).toMatch(/warning: everybody may read .*phpagi\.conf, which holds a secret; chmod o-r /);
    expect(stdout).not.toContain('s3cret');
    chmodSync(place.config, 0o640);
    expect(check().stdout).not.toContain('which holds a secret');
  });

  it('is not kept by a script that leaves something running', () => {
    place.script('timer.js', 'setInterval(() => 0, 1000); module.exports = () => 0');
    expect(check()).toMatchObject({ status: 0 });
  });

  it.each([
    [
      'a directory of logs that everybody may write',
      'log = /tmp',
      100,
      /error: \[fastagi\] log: \/tmp cannot be opened.*; chmod go-w \/tmp/,
    ],
    ['a network that is none', 'allow = 10.0.0.0/99', 100, /error: \S+phpagi\.conf, line 3: .*10\.0\.0\.0\/99/],
    [
      'a place for recordings that is not there',
      'record = /nowhere',
      0,
      /warning: \[fastagi\] record: \/nowhere is no directory, and no call is recorded; install -d -m 755 \/nowhere/,
    ],
    ['a tempdir that is a file', '[phpagi]\ntempdir = /etc/passwd', 0, /warning: \[phpagi\] tempdir: \/etc\/passwd/],
  ])('reports %s', (_what, line, status, message) => {
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\n${line}\n`);
    const result = check();
    expect(result.stdout).toMatch(message);
    expect(result.status).toBe(status);
  });
});

describeWith({ root: isRoot }, 'fastagi check as root', () => {
  it('says whom each script would run as, and loads it as that user', () => {
    chownSync(place.script('theirs.js', 'require("node:fs").readFileSync("/etc/shadow"); module.exports = () => 0'), 1, 1);
    chownSync(place.script('unknown.js', 'module.exports = () => 0'), 54_321, 54_322);
    chownSync(place.script('mine.js', 'module.exports = () => 0'), 0, 0);
    chmodSync(place.script('open.js', 'module.exports = () => 0'), 0o666);
    const { stdout, status } = check();
    expect(status).toBe(100);
    expect(stdout).toMatch(/theirs\.js +daemon:daemon +error: .*EACCES/);
    expect(stdout).toMatch(/unknown\.js +54321:nogroup +loads/);
    expect(stdout).toMatch(
      /mine\.js +nobody:nogroup +loads\n +warning: mine\.js runs as nobody, not as root: root's scripts run as root only with \[fastagi\] root = true/,
    );
    expect(stdout).toMatch(
      /open\.js +nobody:\S+ +loads\n +warning: open\.js runs as nobody, not as daemon: everybody may write .*open\.js; chmod o-w /,
    );
  });

  it('warns of a log that several users share, and of a directory for texts that one of them may not trust', () => {
    chownSync(place.script('one.js', 'module.exports = () => 0'), 61_001, 61_001);
    const tempdir = join(place.dir, 'spoken');
    mkdirSync(tempdir);
    chownSync(tempdir, 61_001, 61_001);
    const configure = (log: string) =>
      writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\nlog = ${log}\n[phpagi]\ntempdir = ${tempdir}\n`);
    configure(join(place.dir, 'log'));
    expect(check().stdout).not.toMatch(/calls of|cannot have a text spoken/);
    chownSync(place.script('two.js', 'module.exports = () => 0'), 61_002, 61_002);
    const { stdout, status } = check();
    expect(stdout).toMatch(/warning: \[fastagi\] log: calls of 2 users go to the one file .*\/log, and the scripts of each can empty it/);
    expect(stdout).toMatch(
      /warning: \[phpagi\] tempdir: scripts of user 61002 cannot have a text spoken: .*spoken belongs to user 61001; chown /,
    );
    expect(status).toBe(0);
    mkdirSync(join(place.dir, 'logs'));
    configure(join(place.dir, 'logs'));
    expect(check().stdout).not.toMatch(/calls of 2 users/);
  });

  it.each([
    ['of another', () => chownSync(join(place.dir, 'log'), 61_001, 0), /it belongs to user 61001; chown 0 /],
    ['that everybody may write', () => chmodSync(join(place.dir, 'log'), 0o666), /others may write it; chmod go-w /],
  ])('reports a log %s', (_what, change, why) => {
    writeFileSync(place.config, `[fastagi]\nbasedir = ${place.basedir}\nlog = ${place.dir}/log\n`);
    writeFileSync(join(place.dir, 'log'), '');
    expect(check().status).toBe(0);
    change();
    const { stdout, status } = check();
    expect(stdout).toMatch(why);
    expect(stdout).toMatch(/error: \[fastagi\] log: .* cannot be opened, and the log goes to syslog: /);
    expect(status).toBe(100);
  });

  it('warns of a basedir that everybody may write', () => {
    chmodSync(place.basedir, 0o777);
    expect(check().stdout).toMatch(/warning: everybody may write basedir/);
  });

  it('works for a user without account, who may not see everything', () => {
    place.script('x.js', 'module.exports = () => 0');
    mkdirSync(join(place.basedir, 'closed'), { mode: 0o700 });
    writeFileSync(join(place.dir, 'log'), '', { mode: 0o666 });
    chmodSync(join(place.dir, 'log'), 0o666);
    const { stdout, status } = check({ uid: 54_321 });
    expect(stdout).toMatch(/x\.js +54321:54321 +loads/);
    expect(stdout).toMatch(/warning: \[fastagi\] setuid: not started as root/);
    expect(stdout).toMatch(/error: .*closed: EACCES/);
    expect(status).toBe(100);
  });
});

describeWith({ root: isRoot, setpriv: hasProgram('setpriv') }, 'fastagi check where identities cannot be taken', () => {
  it("ends with the system's status", () => {
    chownSync(place.script('x.js', 'module.exports = () => 0'), 1, 1);
    const { stdout, status } = check({ wrap: ['setpriv', '--bounding-set=-setuid,-setgid', '--inh-caps=-setuid,-setgid'] });
    expect(stdout).toMatch(/x\.js .*the script was not run/);
    expect(status).toBe(111);
  });
});

describeWith({ root: isRoot, unshare: hasProgram('unshare') }, 'the files of a super-server', () => {
  /** With a directory of this test in place of /etc/xinetd.d. */
  const checkWith = (text: string) => {
    const directory = join(place.dir, 'xinetd.d');
    mkdirSync(directory);
    writeFileSync(join(directory, 'fastagi'), text);
    writeFileSync(join(place.dir, 'xinetd.conf'), 'includedir /etc/xinetd.d\n');
    const mounts = `mount --bind ${directory} /etc/xinetd.d; mount --bind ${join(place.dir, 'xinetd.conf')} /etc/xinetd.conf`;
    return check({ wrap: ['unshare', '--mount', '--net', 'sh', '-ec', `${mounts}; exec "$@"`, 'sh'] });
  };

  it('are looked at: the example without its braces', () => {
    const { status, stdout } = checkWith('service fastagi\nsocket_type = stream\nwait = no\nuser = root\nserver = /usr/bin/fastagi\n');
    expect(stdout.split('\n')[0]).toBe(
      'error: /etc/xinetd.d/fastagi, line 2: `{` is missing: xinetd passes the service over; write { alone in a line behind line 1, and } alone behind the last setting',
    );
    expect(status).toBe(100);
  });

  it('are in order', () => {
    const text = readFileSync(join(project, 'xinetd/fastagi'), 'utf8').replaceAll('/usr/local/bin/fastagi', program);
    const { status, stdout } = checkWith(text.replace(/^#(\s+(?:type|port) )/gm, '$1'));
    // Nobody has started it.
    expect(stdout.split('\n').filter((line) => line.includes('/etc/xinetd.d/fastagi'))).toEqual([
      expect.stringContaining(
        'warning: nobody listens at 127.0.0.1:4573, though /etc/xinetd.d/fastagi says so: xinetd does not run, or has not read it: ',
      ),
    ]);
    expect(status).toBe(0);
  });
});
