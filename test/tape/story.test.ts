import { describe, expect, it } from 'vitest';
import { pageOf } from '../../src/tape/page';
import { storyOfTape } from '../../src/tape/story';
import type { CassetteEntry } from '../../src/tape/cassette-text';

const entries = (lines: string): CassetteEntry[] =>
  lines.trim().split('\n').map((line) => {
    const [, at = '', kind = '', text = ''] = /^ *(\S+) (\S)(?: (.*))?$/.exec(line) ?? [];
    return { at: Number(at) * 1000, kind: kind as CassetteEntry['kind'], text };
  }); // prettier-ignore

const tape = entries(`
  0.000 < agi_network: yes
  0.000 <
  0.100 > ANSWER
  0.200 < 200 result=0
  0.300 > STREAM FILE "hello-world" "12"
  1.500 < 200 result=0 endpos=8000
  1.600 > SET VARIABLE "STEP" "a \\"b\\""
  1.700 < 200 result=1
  1.800 > DATABASE PUT "calls" "100" "x"
  1.900 < 200 result=1
  2.000 = now 1
  6.000 > GET DATA "enter-pin" 5000 4
  8.000 < 200 result=
  8.000 > EXEC "Playback" "a&b,noanswer"
  9.000 < 200 result=0
  9.000 > SAY DIGITS "42" ""
  9.500 < 200 result=0
  9.500 > CONTROL STREAM FILE "c" "" 3000
  9.600 < 200 result=0
  9.600 > SET VARIABLE "NEVER" "set"
  9.600 < 511 Command Not Permitted on a dead channel or intercept routine
  9.700 ! at /srv/pin.js, line 3
  9.700 . FAILURE Error: broken
`);

describe('the story of a tape', () => {
  const { steps, silences, status, failure } = storyOfTape(tape);

  it('has what the caller heard, and what changed', () => {
    expect(steps.filter(({ who }) => who === 'caller').map(({ text }) => text)).toEqual([
      'hears hello-world',
      'hears enter-pin',
      'hears a',
      'hears b',
      'hears digits 42',
      'hears c',
    ]);
    expect(steps.filter(({ who }) => who === 'note').map(({ text }) => text)).toEqual([
      'STEP = a "b"',
      'database calls/100 = x',
      'at /srv/pin.js, line 3',
    ]);
    expect(steps[0]).toEqual({ at: 100, who: 'script', text: 'ANSWER' });
  });

  it('has the silences, and how the call ended', () => {
    const long = silences.filter(({ from, to }) => to - from > 1000);
    expect(long).toEqual([{ from: 1500, to: 6000 }]);
    expect([status, failure]).toEqual(['FAILURE', ['at /srv/pin.js, line 3']]);
  });
});

describe('the page of a call', () => {
  it('has everything as text, whoever chose it', () => {
    const evil = '<script>alert("1")</script>&\x1b[31m';
    const story = storyOfTape(entries(`0.0 <\n0.1 > SET VARIABLE "A" "${evil.replaceAll('"', '\\"')}"\n0.2 < 200 result=1\n0.3 . SUCCESS`));
    const page = pageOf({ ...story, title: evil, facts: [[evil, evil]], failure: [evil] });
    expect(page).not.toMatch(/<script|\x1b/);
    expect(page.match(/&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt;&amp;\\x1b\[31m/g)?.length).toBeGreaterThan(5);
    expect(page).not.toMatch(/(?:src|href)=|url\(|@import/);
  });
});
