// Writes dist/fastagi.1 from the table of settings and the table of commands.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';
import { helpOf, load, rowsOf } from './settings-help.mjs';

const table = join(root, 'src/config/settings-table.ts');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { commands, settingsOptions, exitStatuses } = await load(join(root, 'src/cli/commands.ts'));

writeFileSync(join(root, 'dist/fastagi.1'), page(await rowsOf(table), helpOf(table)));

function page(sections, help) {
  const shown = commands.filter(({ describe }) => describe !== undefined);
  return [
    `.TH FASTAGI 1 "" "fastagi ${text(version)}" "Asterisk"`,
    '.SH NAME',
    'fastagi \\- call logic for Asterisk in JavaScript and TypeScript',
    '.SH SYNOPSIS',
    '.B fastagi',
    '[\\fIoptions\\fR]',
    ...shown.flatMap(({ name, args = '', options = {} }) => [
      '.br',
      `.B fastagi ${text(name)}`,
      [text(args), Object.keys(options).length > 0 ? '[\\fIoptions\\fR]' : ''].join(' ').trim() || '\\&',
    ]),
    '.SH DESCRIPTION',
    'Without a command, fastagi serves one FastAGI call on its standard input and output, as xinetd, inetd and systemd start it.',
    'It reads the AGI environment, finds the script below basedir that the request names, becomes its owner, and runs it.',
    '.SH OPTIONS',
    'For calls, and for the commands that look at the configuration:',
    ...optionLines(settingsOptions),
    '.SH COMMANDS',
    ...shown.flatMap(commandLines),
    '.SH CONFIGURATION',
    'In /etc/asterisk/phpagi.conf, or the file that \\fB\\-\\-config\\fR names.',
    ...sections.flatMap(([section, rows]) => [
      `.SS [${text(section)}]`,
      ...rows.flatMap(([property, { key, otherwise }]) => [
        '.TP',
        `.B ${text(key)}${otherwise ? ` \\fR(${text(String(otherwise))})` : ''}`,
        text(help.get(`${section}.${property}`).replaceAll('`', '')),
      ]),
    ]),
    '.SH EXIT STATUS',
    text(exitStatuses.replace(/^Exit status: /, '')),
    '.SH FILES',
    ...[
      ['/etc/asterisk/phpagi.conf', 'the configuration'],
      ['/var/lib/asterisk/agi-bin', 'the scripts, unless basedir names another directory'],
      ['/etc/xinetd.d/fastagi', 'the service, under xinetd'],
      ['/var/lib/fastagi', 'what was installed, and how many mails went out'],
    ].flatMap(([file, what]) => ['.TP', `.I ${text(file)}`, text(what)]),
    '.SH SEE ALSO',
    '.BR asterisk (8),',
    '.BR xinetd (8),',
    '.BR systemd.socket (5)',
    '',
  ].join('\n');
}

function commandLines({ name, args = '', describe, options = {}, examples = [] }) {
  return [
    '.TP',
    `.B fastagi ${text(name)} \\fR${text(args)}`.trimEnd(),
    text(`${describe[0].toUpperCase()}${describe.slice(1)}.`),
    '.RS',
    ...optionLines(options),
    ...examples.flatMap(([line, what]) => ['.PP', `\\fB${text(line)}\\fR: ${text(what)}`]),
    '.RE',
  ];
}

function optionLines(options) {
  return Object.entries(options).flatMap(([name, { describe, alias, choices, type }]) => [
    '.TP',
    `\\fB\\-\\-${text(name)}\\fR${alias ? `, \\fB\\-${text(alias)}\\fR` : ''}${choices ? ` ${text(choices.join(' | '))}` : type === 'string' ? ' \\fIVALUE\\fR' : ''}`,
    text(`${describe[0].toUpperCase()}${describe.slice(1)}.`),
  ]);
}

/** Nothing of it is a request of roff, and a hyphen stays one. */
function text(words) {
  const escaped = words.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq').replaceAll('`', '\\(ga');
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}
