import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPacer, type Pacer } from '../../src/audio/pacer';

describe('audio at the pace of speech', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A pacer, and the bytes of each frame at its time. */
  const paced = (): { pacer: Pacer; sent: [at: number, size: number][] } => {
    const begun = Date.now();
    const sent: [number, number][] = [];
    const pacer = createPacer((bytes) => void sent.push([Date.now() - begun, bytes.length]), () => undefined, Date.now); // prettier-ignore
    return { pacer, sent };
  };

  it('sends 320 bytes each 20 ms, 40 ms ahead, however they were written', () => {
    const { pacer, sent } = paced();
    for (const size of [100, 700, 1, 479]) pacer.push(Buffer.alloc(size));
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([[0, 320], [0, 320], [0, 320], [20, 320]]); // prettier-ignore
  });

  it('goes on at once after a pause, and not faster than it is heard', () => {
    const { pacer, sent } = paced();
    pacer.push(Buffer.alloc(320));
    vi.advanceTimersByTime(10);
    pacer.push(Buffer.alloc(320));
    vi.advanceTimersByTime(490);
    pacer.push(Buffer.alloc(320));
    vi.advanceTimersByTime(100);
    expect(sent.map(([at]) => at)).toEqual([0, 10, 500]);
  });

  it('drops what is not played yet', () => {
    const { pacer, sent } = paced();
    pacer.push(Buffer.alloc(32_000));
    vi.advanceTimersByTime(50);
    pacer.clear();
    vi.advanceTimersByTime(1000);
    expect([sent.length, pacer.size]).toEqual([5, 0]);
  });

  it('plays what is left, half a frame too, and says when it was heard', () => {
    const { pacer, sent } = paced();
    let played: number | undefined;
    const begun = Date.now();
    pacer.push(Buffer.alloc(320 + 161));
    pacer.flush(() => (played = Date.now() - begun));
    vi.advanceTimersByTime(1000);
    expect([sent, played]).toEqual([[[0, 320], [0, 160]], 40]); // prettier-ignore
  });

  it('says so at once if nothing is left, and if what was left is dropped', () => {
    for (const size of [0, 3200]) {
      const { pacer } = paced();
      let isPlayed = false;
      pacer.push(Buffer.alloc(size));
      pacer.flush(() => (isPlayed = true));
      pacer.clear();
      vi.advanceTimersByTime(20);
      expect(isPlayed).toBe(true);
    }
  });
});
