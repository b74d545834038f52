import { ladderText, silenceMark, type LadderStep } from '../tape/ladder';
import type { Clock } from './asterisk/clock';
import type { Running } from './asterisk/running';
import { createSilenceWatch, type Silence } from '../tape/silence';

/** Who sees and hears all of a call. */
export interface Witness {
  /** What the caller heard, in order. */
  readonly heard: readonly string[];
  /** A line of the wire, or several, or what the caller did. */
  saw(who: LadderStep['who'], text: string): void;
  /** The caller is connected: from now on silence is silence. */
  answered(): void;
  began(running: Running): void;
  ended(running: Running): void;
  /** Nobody hears anything any more. */
  over(): void;
  /** In ms since the call began. */
  time(): number;
  /** In ms. */
  longestSilence(): number;
  ladder(): string;
  readonly steps: readonly LadderStep[];
  readonly silences: readonly Silence[];
}

/** @param told of each step as it happens */
export function createWitness(clock: Clock, told?: (step: LadderStep) => void): Witness {
  const begun = clock.now();
  const steps: LadderStep[] = [];
  const heard: string[] = [];
  const silence = createSilenceWatch();
  let soundSince = 0;

  const time = (): number => clock.now() - begun;
  /** Whether the caller has something to hear, or to do. */
  const isQuiet = ({ sound = 0, listens, records }: Running): boolean => sound === 0 && !listens && !records;

  const saw: Witness['saw'] = (who, text) => {
    const at = time();
    for (const line of text.trimEnd().split('\n')) {
      const step = { at, who, text: line };
      steps.push(step);
      told?.(step);
    }
  };

  /** A silence is over; a long one is told of. */
  const broken = (at: number): void => {
    const before = silence.all().length;
    silence.began(at);
    for (const mark of silence.all().slice(before).flatMap(silenceMark)) told?.(mark);
  };

  return {
    heard,
    time,
    steps,
    get silences() {
      return silence.all();
    },
    saw,
    answered: () => silence.answered(time()),
    began(running) {
      soundSince = time();
      if (!isQuiet(running)) broken(soundSince);
      for (const sound of running.heard ?? []) {
        heard.push(sound);
        saw('caller', `hears ${sound}`);
      }
    },
    ended(running) {
      if (isQuiet(running)) return;
      const isListening = running.listens !== undefined || running.records !== undefined;
      silence.ended(isListening ? time() : Math.min(time(), soundSince + (running.sound ?? 0)));
    },
    over: () => broken(time()),
    longestSilence: () => Math.max(0, ...silence.all().map(({ from, to }) => to - from)),
    ladder: () => ladderText(steps, silence.all()),
  };
}
