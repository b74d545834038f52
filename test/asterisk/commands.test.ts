import { expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

/** Each command, how a script calls it, and what the script gets from a call that only waits. */
const commandError = { error: 'CommandError', code: 'FASTAGI_COMMAND_FAILED' };
const commands: [command: string, call: string, value: unknown][] = [
  ['ANSWER', 'agi.answer()', null],
  ['ASYNCAGI BREAK', 'agi.asyncAgiBreak()', null],
  ['CHANNEL STATUS', 'agi.channelStatus()', 'up'],
  ['CONTROL STREAM FILE', "agi.controlStreamFile('beep', '')", { digit: null, endpos: expect.any(Number) as number }],
  ['DATABASE PUT', "agi.databasePut('commands', 'key', 'value')", null],
  ['DATABASE GET', "agi.databaseGet('commands', 'key')", 'value'],
  ['DATABASE DEL', "agi.databaseDel('commands', 'key')", null],
  ['DATABASE DELTREE', "agi.databaseDelTree('commands')", false],
  ['EXEC', "agi.exec('NoOp', ['a', 1])", 0],
  ['GET DATA', "agi.getData('beep', 100, 2)", { digits: '', timedOut: true }],
  ['GET FULL VARIABLE', "agi.getFullVariable('${CONTEXT} and ${EXTEN}')", 'default and commands'],
  ['GET OPTION', "agi.getOption('beep', '1', 100)", { digit: null, endpos: 3520 }],
  ['SET VARIABLE', "agi.setVariable('NAME', 'value')", null],
  ['GET VARIABLE', "agi.getVariable('NAME')", 'value'],
  ['GOSUB', "agi.gosub('subroutine', 's', 1, 'one', 2)", null],
  ['NOOP', "agi.noop('nothing')", null],
  ['RECEIVE CHAR', 'agi.receiveChar(50)', commandError],
  ['RECEIVE TEXT', 'agi.receiveText(50)', commandError],
  [
    'RECORD FILE',
    "agi.recordFile('/tmp/commands', 'gsm', '#', 200)",
    { reason: 'timeout', digit: null, endpos: expect.any(Number) as number },
  ],
  ['SAY ALPHA', "agi.sayAlpha('a')", null],
  ['SAY DATE', 'agi.sayDate(new Date(0))', null],
  ['SAY DATETIME', "agi.sayDateTime(new Date(0), '', 'Y', 'UTC')", null],
  ['SAY DIGITS', "agi.sayDigits('1')", null],
  ['SAY NUMBER', 'agi.sayNumber(1)', null],
  ['SAY PHONETIC', "agi.sayPhonetic('a')", null],
  ['SAY TIME', 'agi.sayTime(new Date(0))', null],
  ['SEND IMAGE', "agi.sendImage('no-such-image')", null],
  ['SEND TEXT', "agi.sendText('hello')", null],
  ['SET AUTOHANGUP', 'agi.setAutoHangup(0)', null],
  ['SET CALLERID', `agi.setCallerId('"Some One" <123>')`, null],
  ['SET CONTEXT', "agi.setContext('default')", null],
  ['SET EXTENSION', "agi.setExtension('commands')", null],
  ['SET MUSIC', 'agi.setMusic(false)', null],
  ['SET PRIORITY', 'agi.setPriority(3)', null],
  ['SPEECH CREATE', 'agi.speechCreate()', commandError],
  ['SPEECH SET', "agi.speechSet('name', 'value')", commandError],
  ['SPEECH DESTROY', 'agi.speechDestroy()', commandError],
  ['SPEECH LOAD GRAMMAR', "agi.speechLoadGrammar('name', '/tmp/grammar')", commandError],
  ['SPEECH UNLOAD GRAMMAR', "agi.speechUnloadGrammar('name')", commandError],
  ['SPEECH ACTIVATE GRAMMAR', "agi.speechActivateGrammar('name')", commandError],
  ['SPEECH DEACTIVATE GRAMMAR', "agi.speechDeactivateGrammar('name')", commandError],
  ['SPEECH RECOGNIZE', "agi.speechRecognize('beep', 1)", commandError],
  ['STREAM FILE', "agi.streamFile('beep')", { digit: null, endpos: 3520 }],
  ['TDD MODE', "agi.tddMode('on')", commandError],
  ['VERBOSE', "agi.verbose('@@ said')", null],
  ['WAIT FOR DIGIT', 'agi.waitForDigit(50)', null],
  ['HANGUP', 'agi.hangup()', null],
];

/** What goes beyond the plain case. */
const further: [call: string, value: unknown][] = [
  ["agi.channelStatus('Local/nobody@nowhere-0;1')", commandError],
  ["agi.hangup('Local/nobody@nowhere-0;1')", commandError],
  ["agi.databasePut('commands', 'tree/key', 'value')", null],
  ["agi.databaseDelTree('commands', 'tree')", true],
  ["agi.databaseDelTree('commands', 'tree')", false],
  ["agi.databaseGet('commands', 'none')", null],
  ["agi.databasePut('commands', 'empty', '')", null],
  ["agi.databaseGet('commands', 'empty')", ''],
  ["agi.exec('NoSuchApplication')", commandError],
  ["agi.getVariable('UNSET')", null],
  ["agi.setVariable('EMPTY', '')", null],
  ["agi.getVariable('EMPTY')", ''],
  ['agi.setCallerId(\'"Some One" <123>\')', null],
  ["agi.getVariable('CALLERID(num)')", '123'],
  ["agi.getVariable('CALLERID(name)')", 'Some One'],
  ["agi.getFullVariable('${UNSET}')", ''],
  ["agi.getFullVariable('${EXTEN}', 'Local/nobody@nowhere-0;1')", null],
  ["agi.gosub('subroutine', 's', 1, 'a b', '(c)', '[d]')", null],
  ["agi.getVariable('RETURNED')", '<a b><(c)><[d]>'],
  [`agi.exec('Playback', ['no,such "file" \\\\ (here [there', 'noanswer'])`, 0],
  ["agi.gosub('subroutine', 's', 'no-such-label')", commandError],
  ["agi.streamFile('no-such-file')", commandError],
  ["agi.controlStreamFile('no-such-file', '')", commandError],
  ["agi.getOption('no-such-file', '1', 100)", commandError],
  ["agi.getData('no-such-file', 100)", commandError],
  ["agi.recordFile('/no/such/directory/file', 'gsm', '#', 100)", commandError],
  ["agi.setPriority('no-such-label')", { error: 'CommandError', code: 'FASTAGI_COMMAND_SYNTAX' }],
  ["agi.evaluate('NO SUCH COMMAND')", { code: 510, result: '', data: 'Invalid or unknown command' }],
  ["agi.evaluate('GET VARIABLE EXTEN')", { code: 200, result: '1', data: 'further' }],
];

describeWithXinetd('every command on a live channel', () => {
  const server = useServer();
  const asterisk = useAsterisk(() => dialplanFor(server));
  const runAll = (name: string, calls: string[]) =>
    runInCall(
      asterisk,
      server,
      name,
      `const results = {};
${calls.map((call, index) => `  results[${JSON.stringify(`${String(index)} ${call}`)}] = await settled(${call});`).join('\n')}
  leave('${name}', results);`,
    );
  const numbered = (results: [call: string, value: unknown][]) =>
    Object.fromEntries(results.map(([call, value], index) => [`${String(index)} ${call}`, value]));

  test('the table has each command that this Asterisk lists', async () => {
    const listed = [...(await asterisk.rx('agi show commands')).matchAll(/^ *(?:Yes|No) +([a-z ]+?) {2,}\S/gm)].map(([, command]) =>
      command?.toUpperCase(),
    );
    expect(listed.sort()).toEqual(commands.map(([command]) => command).sort());
    expect(listed).toHaveLength(47);
  });

  test('each gives what the script wants to know', async () => {
    const log = asterisk.log();
    const results = await runAll(
      'commands',
      commands.map(([, call]) => call),
    );
    expect(results).toEqual(numbered(commands.map(([, call, value]) => [call, value])));
    expect(log.text()).toContain('@@ said');
    // The script hung up itself, and returned.
    await log.match(/@@ over (?:SUCCESS|HANGUP)/);
  });

  test('and so do the less plain cases', async () => {
    const log = asterisk.log();
    expect(
      await runAll(
        'further',
        further.map(([call]) => call),
      ),
    ).toEqual(numbered(further));
    // The elements of an application's options arrive as they were given.
    await log.match(/File no,such "file" \\ \(here \[there does not exist/);
    await log.match(/@@ further ended SUCCESS \[\]/);
  });

  test('the script decides where the dialplan goes on', async () => {
    const log = asterisk.log();
    await runInCall(
      asterisk,
      server,
      'moving',
      `
  await agi.setContext('subroutine');
  await agi.setExtension('s');
  await agi.setPriority(1);
  leave('moving', true);`,
    );
    await log.match(/Executing \[s@subroutine:1\]/);
  });
});
