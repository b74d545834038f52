import { describe, expect, it } from 'vitest';
import { createLines } from '../../../src/agi/wire/lines';

describe('lines', () => {
  it('are the same whole, byte by byte, and cut at every place', () => {
    const bytes = 'one\n\ntwo\nrest';
    const cuts = [[bytes], [...bytes], ...[...bytes].map((_, at) => [bytes.slice(0, at), bytes.slice(at)])];
    for (const pieces of cuts) {
      const lines = createLines();
      for (const piece of pieces) lines.push(piece);
      expect(lines.size).toBe(bytes.length);
      expect([lines.take(), lines.take(), lines.take(), lines.take()]).toEqual(['one', '', 'two', undefined]);
      expect(lines.size).toBe(4);
      expect(lines.rest()).toBe('rest');
      expect([lines.size, lines.rest(), lines.take()]).toEqual([0, '', undefined]);
    }
  });

  it('are counted while they are taken', () => {
    const lines = createLines();
    lines.push('one\ntwo\nr');
    const sizes = [lines.size];
    for (let line = lines.take(); line !== undefined; line = lines.take()) sizes.push(lines.size);
    expect(sizes).toEqual([9, 5, 1]);
    lines.push('est\n');
    expect([lines.size, lines.take(), lines.size]).toEqual([5, 'rest', 0]);
  });

  it('can be put back, between others and behind the last one', () => {
    const lines = createLines();
    lines.push('one\ntwo\nthree\n');
    expect(lines.take()).toBe('one');
    lines.putBack('half of one');
    expect(lines.size).toBe('half of one\ntwo\nthree\n'.length);
    expect([lines.take(), lines.take(), lines.take(), lines.take()]).toEqual(['half of one', 'two', 'three', undefined]);
    lines.putBack('three');
    lines.putBack('and before it');
    expect([lines.take(), lines.take(), lines.take()]).toEqual(['and before it', 'three', undefined]);
  });

  it('that were not taken are the rest, with what has begun', () => {
    const lines = createLines();
    lines.push('one\ntwo\nthree\nfo');
    lines.take();
    expect(lines.rest()).toBe('two\nthree\nfo');
    lines.push('new\n');
    expect([lines.size, lines.take()]).toEqual([4, 'new']);
  });
});
