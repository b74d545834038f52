import type { CommandSender } from '../command-sender';
import { endposOf } from '../wire/reply';
import { decodeText } from '../../ground/text';

/** One thing that the caller may have said. */
export interface SpeechAlternative {
  /** How sure the engine is, 0 to 1000. */
  score: number;
  text: string;
  grammar: string;
}

export interface SpeechResult {
  reason: 'speech' | 'digit' | 'timeout';
  /** The key that ended it, where one did. */
  digit: string | undefined;
  /** Where the prompt ended, in samples. */
  endpos: number;
  /** What was heard, in the engine's order; text and grammar to the byte. */
  results: SpeechAlternative[];
  /** Whether there was more than Asterisk carries (4,095 bytes in all): the last text or grammar may end early, and results behind it are missing. */
  cut: boolean;
}

/** Speech recognition by an engine that Asterisk has loaded (res_speech). Each throws CommandError where it fails. */
export interface SpeechCommands {
  /** Begins recognition with an engine, the default one unless named. @see Asterisk: AGI command SPEECH CREATE */
  speechCreate(engine?: string): Promise<void>;
  /** Sets something of the engine. @see Asterisk: AGI command SPEECH SET */
  speechSet(name: string, value: string): Promise<void>;
  /** Ends recognition. @see Asterisk: AGI command SPEECH DESTROY */
  speechDestroy(): Promise<void>;
  /** Loads a grammar from a file. @see Asterisk: AGI command SPEECH LOAD GRAMMAR */
  speechLoadGrammar(name: string, path: string): Promise<void>;
  /** Unloads a grammar. @see Asterisk: AGI command SPEECH UNLOAD GRAMMAR */
  speechUnloadGrammar(name: string): Promise<void>;
  /** Activates a loaded grammar. @see Asterisk: AGI command SPEECH ACTIVATE GRAMMAR */
  speechActivateGrammar(name: string): Promise<void>;
  /** Deactivates a grammar. @see Asterisk: AGI command SPEECH DEACTIVATE GRAMMAR */
  speechDeactivateGrammar(name: string): Promise<void>;
  /**
   * Plays a prompt and listens.
   * @param timeout how long to listen, in s (not ms)
   * @param offset where to begin in the prompt, in samples
   * @see Asterisk: AGI command SPEECH RECOGNIZE
   */
  speechRecognize(prompt: string, timeout: number, offset?: number): Promise<SpeechResult>;
}

export function speechCommands({ send, failure }: CommandSender): SpeechCommands {
  const speech = async (what: string, ...args: (string | undefined)[]): Promise<void> => {
    await send(`SPEECH ${what}`, args, { failures: ['-1', '0'] });
  };
  return {
    speechCreate: (engine = '') => speech('CREATE', engine),
    speechSet: (name, value) => speech('SET', name, value),
    speechDestroy: () => speech('DESTROY'),
    speechLoadGrammar: (name, path) => speech('LOAD GRAMMAR', name, path),
    speechUnloadGrammar: (name) => speech('UNLOAD GRAMMAR', name),
    speechActivateGrammar: (name) => speech('ACTIVATE GRAMMAR', name),
    speechDeactivateGrammar: (name) => speech('DEACTIVATE GRAMMAR', name),
    async speechRecognize(prompt, timeout, offset) {
      const reply = await send('SPEECH RECOGNIZE', [prompt, timeout, offset], { failures: ['-1', '0'] });
      const reason = reply.data;
      if (reason !== 'speech' && reason !== 'digit' && reason !== 'timeout') throw await failure('SPEECH RECOGNIZE', prompt, reply);
      const digit = reason === 'digit' ? reply.fields['digit'] : undefined;
      const results = alternatives(reply.fields);
      return { reason, digit, endpos: endposOf(reply), results, cut: isCut(reply.fields, results.length) };
    },
  };
}

function alternatives(fields: Readonly<Record<string, string>>): SpeechAlternative[] {
  const found: SpeechAlternative[] = [];
  for (let n = 0; fields[`score${n}`] !== undefined; n++) {
    found.push({
      score: Number(fields[`score${n}`]),
      text: decodeText(fields[`text${n}`] ?? ''),
      grammar: decodeText(fields[`grammar${n}`] ?? ''),
    });
  }
  return found;
}

function isCut(fields: Readonly<Record<string, string>>, found: number): boolean {
  const expected = Number(fields['results'] ?? 0);
  return found < expected || (expected > 0 && fields[`grammar${expected - 1}`] === undefined);
}
