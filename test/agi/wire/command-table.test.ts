import { describe, expect, it } from 'vitest';
import { commandOf, traitsOf } from '../../../src/agi/wire/command-table';

/** Asterisk's commands by how many arguments each needs. @see Asterisk: `agi show commands topic` */
const byLeast: readonly string[][] = [
  ['ANSWER', 'ASYNCAGI BREAK', 'CHANNEL STATUS', 'HANGUP', 'NOOP', 'SPEECH DESTROY'],
  [
    'DATABASE DELTREE', 'GET DATA', 'GET FULL VARIABLE', 'GET VARIABLE', 'RECEIVE CHAR', 'RECEIVE TEXT', 'SEND IMAGE', 'SEND TEXT', 'SET AUTOHANGUP',
    'SET CALLERID', 'SET CONTEXT', 'SET EXTENSION', 'SET MUSIC', 'SET PRIORITY', 'SPEECH ACTIVATE GRAMMAR', 'SPEECH CREATE',
    'SPEECH DEACTIVATE GRAMMAR', 'SPEECH UNLOAD GRAMMAR', 'TDD MODE', 'VERBOSE', 'WAIT FOR DIGIT',
  ],
  [
    'CONTROL STREAM FILE', 'DATABASE DEL', 'DATABASE GET', 'EXEC', 'GET OPTION', 'SAY ALPHA', 'SAY DATE', 'SAY DATETIME', 'SAY DIGITS',
    'SAY NUMBER', 'SAY PHONETIC', 'SAY TIME', 'SET VARIABLE', 'SPEECH LOAD GRAMMAR', 'SPEECH RECOGNIZE', 'SPEECH SET', 'STREAM FILE',
  ],
  ['DATABASE PUT', 'GOSUB'],
  ['RECORD FILE'],
]; // prettier-ignore
const all = byLeast.flat().toSorted();
const among = (fits: (command: string) => boolean): string[] => all.filter(fits);

describe('of each command is known', () => {
  it('how many arguments it needs', () => {
    for (const [least, commands] of byLeast.entries())
      expect(commands.map((command) => [command, traitsOf(command).least])).toEqual(commands.map((command) => [command, least]));
    expect(all).toHaveLength(47);
  });

  it('whether Asterisk takes it on a dead channel', () => {
    expect(among((command) => traitsOf(command).onDeadChannel)).toEqual([
      'ASYNCAGI BREAK', 'DATABASE DEL', 'DATABASE DELTREE', 'DATABASE GET', 'DATABASE PUT', 'EXEC', 'GET FULL VARIABLE', 'GET VARIABLE', 'NOOP',
      'SET VARIABLE', 'SPEECH DESTROY', 'SPEECH UNLOAD GRAMMAR', 'VERBOSE',
    ]); // prettier-ignore
  });

  it('what its reply holds', () => {
    const values = ['DATABASE GET', 'GET FULL VARIABLE', 'GET VARIABLE', 'RECEIVE TEXT'];
    expect(among((command) => traitsOf(command).holds === 'value')).toEqual(values);
    expect(among((command) => traitsOf(command).holds === 'speech')).toEqual(['SPEECH RECOGNIZE']);
    expect(among((command) => traitsOf(command).holds === 'reason')).toHaveLength(42);
  });

  it('whether its first argument may hold a secret', () => {
    expect(among((command) => traitsOf(command).isHidden)).toEqual([
      'GET FULL VARIABLE', 'NOOP', 'SAY ALPHA', 'SAY DATE', 'SAY DATETIME', 'SAY DIGITS', 'SAY NUMBER', 'SAY PHONETIC', 'SAY TIME', 'SEND TEXT',
      'SET CALLERID', 'SET EXTENSION', 'VERBOSE',
    ]); // prettier-ignore
  });

  it('whether it waits for nobody', () => {
    expect(among((command) => traitsOf(command).answersAtOnce)).toEqual([
      'ASYNCAGI BREAK', 'CHANNEL STATUS', 'DATABASE DEL', 'DATABASE DELTREE', 'DATABASE GET', 'DATABASE PUT', 'GET FULL VARIABLE', 'GET VARIABLE',
      'HANGUP', 'NOOP', 'SET AUTOHANGUP', 'SET CALLERID', 'SET CONTEXT', 'SET EXTENSION', 'SET MUSIC', 'SET PRIORITY', 'SET VARIABLE',
      'SPEECH ACTIVATE GRAMMAR', 'SPEECH CREATE', 'SPEECH DEACTIVATE GRAMMAR', 'SPEECH DESTROY', 'SPEECH LOAD GRAMMAR', 'SPEECH SET',
      'SPEECH UNLOAD GRAMMAR', 'VERBOSE',
    ]); // prettier-ignore
  });
});

describe('a command that is not known', () => {
  it.each(['NO SUCH', 'toString', '__proto__', ''])('%j is sent whatever the state, and may take its time', (words) => {
    expect(traitsOf(words)).toEqual({ least: 0, onDeadChannel: true, holds: 'reason', isHidden: false, answersAtOnce: false });
  });
});

describe('the command of a line', () => {
  it.each([
    [['GET', 'FULL', 'VARIABLE', 'x'], 'GET FULL VARIABLE'],
    [['get', 'variable', 'X'], 'GET VARIABLE'],
    [['Noop'], 'NOOP'],
    [['HANGUP', 'PJSIP/1', 'x'], 'HANGUP'],
    [['GET'], undefined],
    [['GET VARIABLE', 'PLAIN'], undefined],
    [['toString'], undefined],
    [['x', 'NOOP'], undefined],
    [[], undefined],
  ])('%j is %s', (words, command) => expect(commandOf(words)).toBe(command));
});
