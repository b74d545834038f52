import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { machineParts, ownMachine, type OwnMachine } from '../support/own-machine';
import { describeWith, hasProgram } from '../support/parts';
import { project } from '../support/super-server';

const documents = ['README.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)];

/** The commands that stand in documents: lines of indented blocks, and what is in backquotes. */
const commands = new Set(
  documents.flatMap((document) => {
    const text = readFileSync(join(project, document), 'utf8');
    const names = 'run|check|doctor|install|uninstall|new|prepare|listen|status|async';
    const lines = [...text.matchAll(new RegExp(`^ {4}(?:sudo )?(fastagi (?:${names})\\b.*)$`, 'gm'))].map(([, line = '']) => line);
    const words = [...text.matchAll(new RegExp(`\`(?:sudo )?(fastagi (?:${names})\\b[^\`]*)\``, 'g'))].map(([, line = '']) => line);
    const whole = [...lines, ...words].map((line) => line.replace(/\s+#.*| {3,}.*$/, '').trim());
    // Some are only spoken of.
    return whole.filter((line) => !/^fastagi (?:run|new|async)(?: --ts)?$/.test(line));
  }),
);

describeWith({ ...machineParts, xinetd: hasProgram('xinetd') }, 'the commands of the documents', () => {
  let machine: OwnMachine;
  beforeAll(async () => {
    machine = await ownMachine('mkdir -p /etc/asterisk; id asterisk >/dev/null 2>&1 || useradd --system --shell /bin/false asterisk');
    machine.run('fastagi install --yes; echo "[fastagi]" > /etc/asterisk/other.conf');
  });
  afterAll(() => machine.stop());

  it('are found', () => {
    expect(commands.size).toBeGreaterThan(12);
    for (const name of ['check', 'doctor', 'install', 'uninstall', 'new', 'prepare', 'listen', 'status', 'async'])
      expect([...commands].join('\n')).toContain(`fastagi ${name}`);
  });

  it.each([...commands])('%s', (line) => {
    const command = line
      .replace(/^fastagi install(?!.*--)/, 'fastagi install --yes')
      .replace(/^fastagi uninstall(?!.*--)/, 'fastagi uninstall --dry-run')
      // Nobody ends it here.
      .replace(/^fastagi listen/, 'timeout 5 fastagi listen')
      .replace('NAME ...', 'node')
      .replace('NAME', 'name')
      .replace(/\bFILE\b/, '/etc/asterisk/other.conf')
      .replace(/\bDIR\b/, '/tmp');
    const { status, stderr } = machine.run(`${command} < /dev/null`);
    // What it says may be that something is wrong; but never that there is no such command or option.
    expect(stderr).not.toContain('Try: fastagi');
    // Nor need there be workers that `fastagi status` could ask.
    expect(line.startsWith('fastagi status') ? [111] : [0, 100]).toContain(status);
  });
});
