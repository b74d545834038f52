import { afterAll, beforeAll, expect, test } from 'vitest';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';
import { speechEngine, type Heard } from './support/speech-engine';

/** A free grammar has no name. */
const grammar = '';

describeWithXinetd('what a real Asterisk heard', () => {
  let engine: Awaited<ReturnType<typeof speechEngine>>;
  beforeAll(async () => {
    engine = await speechEngine();
  });
  afterAll(() => {
    engine.close();
  });
  const server = useServer();
  const asterisk = useAsterisk(
    () => dialplanFor(server),
    () => ({
      modules: ['res_sorcery_config', 'res_http_websocket', 'res_aeap', 'res_speech_aeap'],
      files: { aeap: `[ours]\ntype=client\ncodecs=!all,ulaw\nurl=ws://127.0.0.1:${engine.port}\nprotocol=speech_to_text\n` },
    }),
  );

  const hear = (name: string, heard: readonly Heard[]) => {
    engine.say(heard);
    return runInCall(asterisk, server, 'speech/hears.js', { name, caller: 'speak' });
  };

  test('arrives to the byte, and what follows is in step', async () => {
    const heard = [
      'say "yes" now',
      '<?xml version="1.0"?>\n<result grammar="session:x">\n200 result=0\nHANGUP\n</result>\n',
      '{"a": "b"}',
      '',
      'Žluťoučký',
    ].map((text, n) => ({ score: 900 - n, text, grammar }));
    const result = { reason: 'speech', digit: null, endpos: expect.any(Number), cut: false };
    // This engine's own order; Asterisk keeps what an engine gives.
    expect(await hear('hears', heard)).toEqual([{ ...result, results: heard.toReversed() }, 'up', false]);
  });

  test('ends where Asterisk cuts it, and the result says so', async () => {
    const found = await hear('long', [{ score: 1, text: 'x\n'.repeat(3000), grammar }]);
    const text = 'x\n'.repeat(3000).slice(0, 4095 - 'score0=1 text0="'.length);
    expect(found).toMatchObject([{ results: [{ score: 1, text, grammar: '' }], cut: true }, 'up', false]);
  });
});
