import type { AsteriskSide } from '../../testing/asterisk-side';

const controlC = '\x03';

/** Digits are keys of the telephone, `h` and Ctrl-C hang up. Gives what ends that. */
export function listenToKeys(input: NodeJS.ReadStream, side: Pick<AsteriskSide, 'press' | 'hangUp' | 'lose'>): () => void {
  let hasHungUp = false;
  const take = (bytes: Buffer): void => {
    for (const key of bytes.toString('latin1')) {
      if (/^[0-9*#A-D]$/.test(key)) side.press(key);
      else if (key === 'h' || (key === controlC && !hasHungUp)) {
        hasHungUp = true;
        side.hangUp();
      } else if (key === controlC) side.lose();
    }
  };
  input.setRawMode(true);
  input.on('data', take);
  input.resume();
  return () => {
    input.off('data', take);
    input.setRawMode(false);
    input.pause();
  };
}
