import { describe, expect, it } from 'vitest';
import { paint, wantsColours } from '../../src/cli/paint';

describe('colours', () => {
  it.each([
    ['error: x', '\x1b[31merror:\x1b[39m x'],
    ['  x.js  error: y', '  x.js  \x1b[31merror:\x1b[39m y'],
    ['warning: x', '\x1b[33mwarning:\x1b[39m x'],
    ['✓ node  x', '\x1b[32m✓\x1b[39m node  x'],
    ['✗ node  x', '\x1b[31m✗\x1b[39m node  x'],
    ['! node  x', '\x1b[33m!\x1b[39m node  x'],
    ['basedir  /x', 'basedir  /x'],
  ])('of %j', (line, painted) => {
    expect(paint(line, true)).toBe(painted);
    expect(paint(line, false)).toBe(line);
  });

  it('are for terminals whose users want them', () => {
    expect(wantsColours({ isTTY: true }, {})).toBe(true);
    expect(wantsColours({}, {})).toBe(false);
    expect(wantsColours({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColours({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  });
});
