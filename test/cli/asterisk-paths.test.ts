import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asteriskPaths, parseAsteriskConf } from '../../src/cli/setup/asterisk-paths';
import { passwd, tree } from './support/tree';

describe('what Asterisk says of itself', () => {
  it('in its own format', () => {
    expect(parseAsteriskConf('; x\n[directories](!)\nastagidir => /a b ; c\n[options]\nverbose=3\nrunuser=ast\nnonsense\n')).toEqual({
      directories: { astagidir: '/a b' },
      options: { verbose: '3', runuser: 'ast' },
    });
  });

  it('or nowhere', () => {
    const root = tree();
    expect(asteriskPaths(root)).toEqual({
      etc: '/etc/asterisk',
      agi: '/var/lib/asterisk/agi-bin',
      spool: '/var/spool/asterisk',
      sounds: '/var/lib/asterisk/sounds',
      user: 'asterisk',
    });
    expect(asteriskPaths(tree({ '/etc/passwd': 'root:x:0:0::/:/bin/sh\n' })).user).toBeUndefined();
  });

  it('by whose its files are, as under FreePBX', () => {
    const conf = '[directories]\nastvarlibdir => /var/lib/asterisk\nastdatadir => /usr/share/asterisk\n';
    const root = tree({
      '/etc/asterisk/asterisk.conf': conf,
      '/etc/passwd': `${passwd}pbx:x:${process.getuid?.() === 0 ? 1500 : process.getuid?.()}:1500::/:/bin/false\n`,
    });
    mkdirSync(join(root, 'var/lib/asterisk'), { recursive: true });
    chmodSync(join(root, 'var/lib/asterisk'), 0o755);
    if (process.getuid?.() === 0) spawnSync('chown', ['1500', join(root, 'var/lib/asterisk')]);
    expect(asteriskPaths(root)).toMatchObject({ user: 'pbx', sounds: '/usr/share/asterisk/sounds' });
  });
});
