import { describe, expect, it } from 'vitest';
import { speechFields } from '../../../src/agi/wire/speech-reply';

const head = ' endpos=480 results=2 ';
const whole = `${head}score0=900 text0="yes" grammar0=g score1=-5 text1="no" grammar1=h `;
const fields = {
  endpos: '480', results: '2', score0: '900', text0: 'yes', grammar0: 'g', score1: '-5', text1: 'no', grammar1: 'h',
}; // prettier-ignore

describe('the alternatives of a reply', () => {
  it('are its fields', () => {
    expect(speechFields(whole)).toEqual(fields);
  });

  it.each(['', ' endpos=x results=1 score0=1 text0="" grammar0= ', 'x endpos=1 results=0', ' results=1'])(
    'that is none has no fields: %j',
    (text) => {
      expect(speechFields(text)).toEqual({});
    },
  );

  it('are as many as it says', () => {
    expect(speechFields(whole.replace('results=2', 'results=0'))).toEqual({ endpos: '480', results: '0' });
    expect(speechFields(whole.replace('results=2', 'results=1'))).toEqual({
      endpos: '480',
      results: '1',
      score0: '900',
      text0: 'yes',
      // What follows the last grammar is part of it.
      grammar0: 'g score1=-5 text1="no" grammar1=h',
    });
    expect(speechFields(whole.replace('results=2', 'results=9'))).toEqual({ ...fields, results: '9' });
  });

  it('cut at any place are as much of it as came', () => {
    const asFar = (length: number) => speechFields(whole.slice(0, head.length + length));
    const after = (piece: string) => asFar(whole.indexOf(piece) + piece.length - head.length);
    const first = { endpos: '480', results: '2' };
    for (const piece of ['results=2 ', 'score0', 'score0=90', 'score0=900', 'score0=900 text0', 'score0=900 text0='])
      expect(after(piece), piece).toEqual(first);
    expect(after('text0="')).toEqual({ ...first, score0: '900', text0: '' });
    expect(after('text0="y')).toEqual({ ...first, score0: '900', text0: 'y' });
    expect(after('text0="yes"')).toEqual({ ...first, score0: '900', text0: 'yes"' });
    expect(after('text0="yes" grammar0')).toEqual({ ...first, score0: '900', text0: 'yes" grammar0' });
    const one = { ...first, score0: '900', text0: 'yes' };
    expect(after('grammar0=')).toEqual({ ...one, grammar0: '' });
    expect(after('grammar0=g')).toEqual({ ...one, grammar0: 'g' });
    expect(after('grammar0=g ')).toEqual({ ...one, grammar0: 'g' });
    expect(after('score1=')).toEqual({ ...one, grammar0: 'g score1=' });
    expect(after('score1=-5 text1=')).toEqual({ ...one, grammar0: 'g score1=-5 text1=' });
    const two = { ...one, grammar0: 'g', score1: '-5' };
    expect(after('text1="')).toEqual({ ...two, text1: '' });
    expect(after('text1="no" grammar1=')).toEqual({ ...two, text1: 'no', grammar1: '' });
    expect(asFar(whole.length)).toEqual(fields);
  });

  it.each([
    [
      'a text',
      'score0=1 text0=" score1=2 text1=" x" grammar0=g score1=3 text1="no" grammar1=h ',
      { text0: ' score1=2 text1=" x', score1: '3', text1: 'no' },
    ],
    [
      'a grammar',
      'score0=1 text0="yes" grammar0=a score1=x score1= text1 score1=3 text1="no" grammar1=h ',
      { grammar0: 'a score1=x score1= text1', score1: '3' },
    ],
    ['a score that is none', 'score0=1- text0="yes" grammar0=g score1=3 text1="no" grammar1=h ', { score1: '3', text1: 'no' }],
  ])('that look like the next one are in %s', (_what, text, found) => {
    expect(speechFields(`${head}${text}`)).toMatchObject({ endpos: '480', ...found });
  });
});
