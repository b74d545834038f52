import { describe, expect, it } from 'vitest';
import type { Commands } from '../../src/agi/agi';
import { createChannel, type Channel } from '../../src/agi/channel';
import type { CommandError } from '../../src/ground/errors';
import { agiOn } from '../support/agi';

/** Every command is refused with this code; the caller is there. */
function refusing(reply: string): Commands {
  const channel: Channel = createChannel({
    write(bytes) {
      queueMicrotask(() => channel.receive(bytes === 'CHANNEL STATUS\n' ? '200 result=6\n' : reply));
    },
  });
  return agiOn(channel);
}

const named: [shown: string, call: (agi: Commands) => Promise<unknown>][] = [
  ['STREAM FILE "hello"', (agi) => agi.streamFile('hello')],
  ['GET DATA "enter-pin"', (agi) => agi.getData('enter-pin')],
  ['GET OPTION "menu"', (agi) => agi.getOption('menu', '1')],
  ['CONTROL STREAM FILE "story"', (agi) => agi.controlStreamFile('story', '')],
  ['RECORD FILE "/tmp/x"', (agi) => agi.recordFile('/tmp/x', 'wav')],
  ['EXEC "Dial"', (agi) => agi.exec('Dial', 'PJSIP/secret')],
  ['GOSUB "sub"', (agi) => agi.gosub('sub', 's', 1)],
  ['SET VARIABLE "NAME"', (agi) => agi.setVariable('NAME', 'secret')],
  ['SET VARIABLE "ODBC_PIN(...)"', (agi) => agi.setVariable('ODBC_PIN(secret)', 'secret')],
  ['DATABASE PUT "family"', (agi) => agi.databasePut('family', 'secret', 'secret')],
  ['SPEECH LOAD GRAMMAR "digits"', (agi) => agi.speechLoadGrammar('digits', '/secret')],
  ['HANGUP "PJSIP/7-1"', (agi) => agi.hangup('PJSIP/7-1')],
  ['SET PRIORITY "label"', (agi) => agi.setPriority('label')],
  ['STREAM FILE "a\\"b\\\\xfc"', (agi) => agi.streamFile('a"b\udcfc')],
  [`STREAM FILE "${'x'.repeat(100)}"`, (agi) => agi.streamFile('x'.repeat(500))],
  ['SAY DIGITS', (agi) => agi.sayDigits('4711')],
  ['SAY ALPHA', (agi) => agi.sayAlpha('secret')],
  ['SEND TEXT', (agi) => agi.sendText('secret')],
  ['VERBOSE', (agi) => agi.verbose('secret')],
  ['NOOP', (agi) => agi.noop('secret')],
  ['SET CALLERID', (agi) => agi.setCallerId('secret')],
  ['GET FULL VARIABLE', (agi) => agi.getFullVariable('${secret}')],
  ['ANSWER', (agi) => agi.answer()],
];

describe("a command's error names what it was about", () => {
  it.each(named)('%s', async (shown, call) => {
    const error = (await call(refusing('510 Invalid or unknown command\n')).catch((error: unknown) => error)) as CommandError;
    expect(error).toMatchObject({ code: 'FASTAGI_COMMAND_UNKNOWN', command: shown.split(' "')[0] });
    expect(error.message.startsWith(`${shown}: this Asterisk does not know the command`)).toBe(true);
    expect(error.message).not.toContain('secret');
  });

  it('where Asterisk could not carry it out', async () => {
    await expect(refusing('200 result=-1 endpos=0\n').streamFile('hello')).rejects.toThrow(
      'STREAM FILE "hello": Asterisk could not carry it out (200 result=-1 endpos=0)',
    );
    await expect(refusing('200 result=-2\n').exec('Nothing')).rejects.toThrow('EXEC "Nothing": there is no such application');
    await expect(refusing('200 result=-1 (writefile)\n').recordFile('/no/x', 'wav')).rejects.toThrow(
      'RECORD FILE "/no/x": the file cannot be written',
    );
  });
});
