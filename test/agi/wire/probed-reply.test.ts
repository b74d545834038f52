import { describe, expect, it } from 'vitest';
import { probedReply } from '../../../src/agi/wire/probed-reply';

const probed = (words: string, before: string, more: { isValue?: boolean; interrupted?: boolean; early?: string[] } = {}) => {
  const { isValue = false, interrupted = false, early = [] } = more;
  return probedReply({ command: { words }, awaiting: { kind: 'probe', mark: 'MARK', isValue }, interrupted, early }, before);
};

describe('what a command had answered before the probe', () => {
  it('is its own reply, without what it says before it runs', () => {
    expect(probed('GOSUB', '200 result=0 Gosub complete')).toMatchObject({ code: 200, result: '0' });
    expect(probed('GOSUB', '100 result=0 Trying...\n200 result=5 Gosub complete')).toMatchObject({ code: 200, result: '5' });
    expect(probed('GOSUB', '100 one\n100-two\n510 Invalid')).toMatchObject({ code: 510 });
  });

  it.each(['', '100 result=0 Trying...', '100 one\n100 two', 'no reply'])('is nothing if there is none: %j', (before) => {
    expect(probed('GOSUB', before)).toBeUndefined();
  });

  it('is not what answered an earlier probe', () => {
    const early = ['200 result=1 (A)', '200 result=1 (B)'];
    expect(probed('EXEC', '200 result=1 (A)\n200 result=7\n200 result=1 (B)', { early })).toMatchObject({ result: '7' });
    expect(probed('EXEC', '200 result=1 (A)', { early })).toBeUndefined();
  });

  it('is no key where an interrupted WAIT FOR DIGIT answers 1', () => {
    expect(probed('WAIT FOR DIGIT', '200 result=1', { interrupted: true })).toBeUndefined();
    expect(probed('WAIT FOR DIGIT', '200 result=1')).toMatchObject({ result: '1' });
    expect(probed('WAIT FOR DIGIT', '200 result=49', { interrupted: true })).toMatchObject({ result: '49' });
    expect(probed('GET OPTION', '200 result=1', { interrupted: true })).toMatchObject({ result: '1' });
  });

  it('is a value to its last bracket, or what was recognized', () => {
    expect(probed('GET VARIABLE', '200 result=1 (a)\nb))', { isValue: true })).toMatchObject({ data: 'a)\nb)' });
    const speech = probed('SPEECH RECOGNIZE', '200 result=1 (speech) endpos=8 results=1 score0=9 text0="a" grammar0=b', { isValue: true });
    expect(speech).toMatchObject({ data: 'speech', fields: { endpos: '8', results: '1', score0: '9', text0: 'a', grammar0: 'b' } });
  });
});
