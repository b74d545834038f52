import { closeSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openScoreboard, scoreboardOn, type Scoreboard } from '../../../src/serve/listen/scoreboard';

let board: Scoreboard;
beforeEach(() => (board = openScoreboard('/tmp', 3)));
afterEach(() => closeSync(board.descriptor));

it('shows to all what each worker has written', () => {
  const other = scoreboardOn(board.descriptor, 3);
  other.writeHeader(1, { active: 2, places: 5, beat: 12.5 });
  other.writeHeader(2, { active: 3, places: 3, beat: 0 });
  expect(board.headers()).toEqual([
    { active: 0, places: 0, beat: 0 },
    { active: 2, places: 5, beat: 12.5 },
    { active: 3, places: 3, beat: 0 },
  ]);
  expect(board.glance()).toEqual({ active: 5, isWatched: false, isCrowded: false });
  board.watch(true);
  expect(other.glance()).toEqual({ active: 5, isWatched: true, isCrowded: false });
  board.crowd(true);
  board.watch(false);
  expect(other.glance()).toEqual({ active: 5, isWatched: false, isCrowded: true });
});

it('shows calls, those too that have no request yet, and not those that are over', () => {
  const first = { begun: 1000, peer: '127.0.0.1', channel: 'PJSIP/1', script: 'a.js' };
  const second = { begun: 2000, peer: '::1', channel: '', script: '' };
  board.writeEntry(1, 0, first);
  board.writeEntry(1, 1, { ...first, begun: 1500 });
  board.writeEntry(1, 2, second);
  board.writeEntry(1, 1, undefined);
  board.writeHeader(1, { active: 2, places: 3, beat: 1 });
  board.writeEntry(0, 0, { ...first, channel: 'of another worker' });
  expect(board.entries(1)).toEqual([first, second]);
  board.clear(1);
  expect(board.entries(1)).toEqual([]);
  expect(board.headers()[1]).toEqual({ active: 0, places: 0, beat: 0 });
});

it('cuts what is too long, and keeps the rest whole', () => {
  const long = 'x'.repeat(500);
  board.writeEntry(2, 0, { begun: 1, peer: long, channel: long, script: long });
  board.writeHeader(2, { active: 1, places: 1, beat: 1 });
  expect(board.entries(2)).toEqual([{ begun: 1, peer: 'x'.repeat(45), channel: 'x'.repeat(90), script: 'x'.repeat(100) }]);
});
