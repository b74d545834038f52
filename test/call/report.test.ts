import { describe, expect, it } from 'vitest';
import { hostCall } from '../support/call-host';
import { environment, politeAnswer } from '../support/peer';

const whole = environment('x.js');

describe('a report', () => {
  const script = (): never => {
    throw new Error('boom');
  };

  it('plays a sound and sends the caller on, if the settings say so', async () => {
    const { peer, over } = await hostCall(whole, { script, sections: { fastagi: { error_playback: 'sorry', error_goto: 'errors,s,1' } } });
    await over;
    expect(peer.commands).toEqual([
      'SET VARIABLE "FASTAGISTATUS" "FAILURE"',
      'SET VARIABLE "FASTAGIERROR" "Error: boom"',
      'VERBOSE "fastagi: x.js: Error: boom" 1',
      'STREAM FILE "sorry" ""',
      'SET CONTEXT "errors"',
      'SET EXTENSION "s"',
      'SET PRIORITY "1"',
    ]);
  });

  it('has the places of the error in debug mode', async () => {
    const { peer, over } = await hostCall(whole, { script, sections: { phpagi: { debug: 'yes' } } });
    await over;
    expect(peer.commands.some((line) => /^VERBOSE " {4}at .*report\.test\.ts/.test(line))).toBe(true);
  });

  it('of a hangup is told by variables alone', async () => {
    const { peer, over } = await hostCall(whole, {
      script: (agi) => agi.waitForDigit(10),
      answer: (line) => (line.startsWith('WAIT') ? 'HANGUP\n200 result=-1\n' : line.startsWith('CHANNEL') ? '511 x\n' : politeAnswer(line)),
      sections: { fastagi: { error_playback: 'sorry', error_goto: 'errors,s,1' } },
    });
    expect(await over).toMatchObject({ status: 'HANGUP' });
    expect(peer.commands.slice(-2).map((line) => line.split('"')[1])).toEqual(['FASTAGISTATUS', 'FASTAGIERROR']);
  });

  it('mails what happened before it', async () => {
    const { over, mails } = await hostCall(whole, { script: (agi) => agi.noop('one').then(script) });
    await over;
    expect(mails).toMatchObject([
      {
        script: 'x.js',
        outcome: { status: 'FAILURE', reason: 'Error: boom' },
        request: { agi_channel: 'PJSIP/100-00000001' },
        exchanges: [
          { direction: '>', text: 'NOOP "one"\n' },
          { direction: '<', text: '200 result=0\n' },
        ],
      },
    ]);
  });
});
