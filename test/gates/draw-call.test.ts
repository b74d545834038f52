import { expect, it } from 'vitest';
import { svgOf } from '../../scripts/draw-call.mjs';

it('draws each line of a terminal, by who said it', () => {
  const lines = [
    'Asterisk                     s    script',
    `${' '.repeat(46)}      0.1 <- VERBOSE "<b> & c" 1`,
    'the caller presses 1 0.1',
    '  A = 1    0.1',
    '✗ x',
  ];
  const head = { version: 2, width: 110, height: 24, title: 'a "call"' };
  const svg = svgOf([head, ...lines.map((line) => [0, 'o', `${line}\r\n`])].map((one) => JSON.stringify(one)).join('\n'));
  const drawn = [...svg.matchAll(/<text class="(\w+)"[^>]*>([^<]*)<\/text>/g)].map(([, kind, text]) => [kind, text?.trim().slice(0, 40)]);
  expect(drawn).toEqual([
    ['head', 'Asterisk                     s    script'],
    ['script', '0.1 &lt;- VERBOSE &quot;&lt;b&gt; &amp; '],
    ['caller', 'the caller presses 1 0.1'],
    ['change', 'A = 1    0.1'],
    ['asterisk', '✗ x'],
  ]);
  expect(svg).toContain('aria-label="a &quot;call&quot;"');
});
