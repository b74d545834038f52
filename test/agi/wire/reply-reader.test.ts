import { describe, expect, it } from 'vitest';
import { createReplyReader, longestReply, type Arrival, type Awaiting } from '../../../src/agi/wire/reply-reader';

const usage = '520-Invalid command syntax.  Proper usage follows:\nUsage: STREAM FILE\n HANGUP\n520 is no end\n520 End of proper usage.\n';
const probe = '200 result=1 (MARK)\n';
const probing: Awaiting = { kind: 'probe', mark: 'MARK', isValue: true };

/** What one transcript means, given what is awaited; a list of what is awaited after each reply. */
const transcripts: [name: string, bytes: string, awaiting: Awaiting[], arrivals: unknown[]][] = [
  ['a reply', '200 result=0\n', [{ kind: 'reply' }], [{ code: 200, result: '0', data: undefined }]],
  ['a negative result', '200 result=-1\n', [{ kind: 'reply' }], [{ result: '-1' }]],
  ['an empty result with a reason', '200 result= (timeout)\n', [{ kind: 'reply' }], [{ result: '', data: 'timeout' }]],
  ['keys', '200 result=12*# (timeout)\n', [{ kind: 'reply' }], [{ result: '12*#', data: 'timeout' }]],
  ['a position', '200 result=53 endpos=3520\n', [{ kind: 'reply' }], [{ result: '53', fields: { endpos: '3520' } }]],
  ['a recording', '200 result=35 (dtmf) endpos=8000\n', [{ kind: 'reply' }], [{ result: '35', data: 'dtmf', fields: { endpos: '8000' } }]],
  ['a key while it listened', '200 result=1 (digit) digit=5 endpos=7\n', [{ kind: 'speech' }], [{ data: 'digit', fields: { digit: '5' } }]],
  ['speech that has begun', '200 result=1 (speech) endpos=7 results=1 score0=9 text0="a\n', [{ kind: 'speech' }, probing], ['begun']],
  [
    'a probe after speech',
    `200 result=1 (speech) endpos=7 results=1 score0=9 text0="a\nHANGUP\n200 result=0" grammar0=g \n${probe}`,
    [probing],
    [{ before: '200 result=1 (speech) endpos=7 results=1 score0=9 text0="a\nHANGUP\n200 result=0" grammar0=g ' }],
  ],
  [
    'pairs behind equals signs that name nothing',
    '200 result=1 (x) = -=endpos=7 =="results=1 score0=900\n',
    [{ kind: 'reply' }],
    [{ fields: { endpos: '7', results: '1', score0: '900' } }],
  ],
  ['a provisional reply', '100 result=0 Trying...\n200 result=0 Gosub complete\n', [{ kind: 'reply' }], [{ code: 200, result: '0' }]],
  ['two provisional replies', '100 Trying\n101 Still\n200 result=1\n', [{ kind: 'reply' }], [{ result: '1' }]],
  ['an unknown command', '510 Invalid or unknown command\n', [{ kind: 'reply' }], [{ code: 510, text: 'Invalid or unknown command' }]],
  ['a dead channel', '511 Command Not Permitted on a dead channel or intercept routine\n', [{ kind: 'reply' }], [{ code: 511 }]],
  ['a usage of one line', '520 Invalid command syntax.  Proper usage not available.\n', [{ kind: 'reply' }], [{ code: 520 }]],
  ['no memory', '503 result=-2 Memory allocation failure\n', [{ kind: 'reply' }], [{ code: 503, result: '-2' }]],
  ['a code never seen', '799 what is this\n', [{ kind: 'reply' }], [{ code: 799, text: 'what is this' }]],
  ['a hangup before a reply', 'HANGUP\n200 result=0\n', [{ kind: 'reply' }], ['hangup', { result: '0' }]],
  ['a hangup after a reply', '200 result=-1\nHANGUP\n', [{ kind: 'reply' }], [{ result: '-1' }, 'hangup']],
  ['two hangups', 'HANGUP\nHANGUP\n200 result=0\n', [{ kind: 'reply' }], ['hangup', 'hangup', { result: '0' }]],
  ['a glued hangup', 'HANGUP511 Command Not Permitted\n', [{ kind: 'reply' }], ['hangup', { code: 511 }]],
  ['a glued hangup before a usage', 'HANGUP520-Invalid\nx\n520 End of proper usage.\n', [{ kind: 'reply' }], ['hangup', { code: 520 }]],
  ['a glued hangup before a value', 'HANGUP200 result=1 (vMARK)\n', [{ kind: 'fenced', fence: 'MARK' }], ['hangup', { data: 'v' }]],
  ['a fenced value', '200 result=1 (valueMARK)\n', [{ kind: 'fenced', fence: 'MARK' }], [{ data: 'value' }]],
  ['an empty fenced value', '200 result=1 (MARK)\n', [{ kind: 'fenced', fence: 'MARK' }], [{ data: '' }]],
  [
    'a fenced value that looks like replies',
    '200 result=1 (a)\n200 result=0\nHANGUP\n510 x)\n\nMARKMARK)\n200 result=7\n',
    [{ kind: 'fenced', fence: 'MARK' }, { kind: 'reply' }],
    [{ data: 'a)\n200 result=0\nHANGUP\n510 x)\n\nMARK' }, { result: '7' }],
  ],
  ['no value behind a fence', '200 result=0\n', [{ kind: 'fenced', fence: 'MARK' }], [{ result: '0', data: undefined }]],
  ['a refusal instead of a fence', '511 Command Not Permitted\n', [{ kind: 'fenced', fence: 'MARK' }], [{ code: 511 }]],
  ['a value that has begun', '200 result=1 (a)\n', [{ kind: 'value' }, { kind: 'probe', mark: 'MARK', isValue: true }], ['begun']],
  [
    'a probe after a value',
    `200 result=1 (va(l)ue) with ) inside)\n${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: true }],
    [{ before: '200 result=1 (va(l)ue) with ) inside)' }],
  ],
  ['a probe alone', probe, [{ kind: 'probe', mark: 'MARK', isValue: false }], [{ before: '' }]],
  ['a probe after a usage', `${usage}${probe}`, [{ kind: 'probe', mark: 'MARK', isValue: false }], [{ before: usage.trimEnd() }]],
  [
    'a hangup before a probe',
    `200 result=-1\nHANGUP\n${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: false }],
    [{ before: '200 result=-1', hungUp: true }],
  ],
  ['a hangup glued to a probe', `HANGUP${probe}`, [{ kind: 'probe', mark: 'MARK', isValue: false }], [{ before: '', hungUp: true }]],
  [
    'a hangup and a key before a probe',
    `HANGUP\n200 result=53 endpos=8\n${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: false }],
    [{ before: '200 result=53 endpos=8', hungUp: true }],
  ],
  [
    'a hangup glued to a refusal before a probe',
    `HANGUP511 Command Not Permitted\n${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: false }],
    [{ before: '511 Command Not Permitted', hungUp: true }],
  ],
  [
    'a value that holds notices, with some behind it',
    `200 result=1 (a\nHANGUP\nb)\nHANGUP\nHANGUP${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: true }],
    [{ before: '200 result=1 (a\nHANGUP\nb)', hungUp: true }],
  ],
  [
    'notices that are none',
    `HANGUPHANGUPx\n${probe}`,
    [{ kind: 'probe', mark: 'MARK', isValue: false }],
    [{ before: 'HANGUPHANGUPx', hungUp: false }],
  ],
  ['empty lines between replies', '\n\n200 result=1\n\n200 result=2\n', [{ kind: 'reply' }], [{ result: '1' }, { result: '2' }]],
  ['what was left of an environment', 'agi_arg_2: x\n\n200 result=1\n', [{ kind: 'reply' }], [{ result: '1' }]],
  [
    'a usage whose last line is glued to its text',
    '520-Invalid command syntax.  Proper usage follows:\nReturns 1 if successful.520 End of proper usage.\n200 result=3\n',
    [{ kind: 'reply' }],
    [{ code: 520 }, { result: '3' }],
  ],
  ['bytes that are no UTF-8', '200 result=1 (\xff\xfe\xc3MARK)\n', [{ kind: 'fenced', fence: 'MARK' }], [{ data: '\xff\xfe\xc3' }]],
];

function play(pieces: Iterable<string>, awaiting: readonly Awaiting[]): unknown[] {
  const session = createReplyReader();
  const arrivals: unknown[] = [];
  let replies = 0;
  for (const piece of pieces) {
    session.push(piece);
    for (;;) {
      const arrival: Arrival | undefined = session.next(awaiting[Math.min(replies, awaiting.length - 1)] ?? { kind: 'reply' });
      if (!arrival) break;
      if (arrival.kind !== 'hangup') replies++;
      if (arrival.kind === 'reply') arrivals.push(arrival.reply);
      else arrivals.push(arrival.kind === 'probed' ? arrival : arrival.kind);
    }
  }
  return arrivals;
}

describe.each(transcripts)('%s', (_name, bytes, awaiting, expected) => {
  const wanted = expected;

  it('arrives whole', () => {
    expect(play([bytes], awaiting)).toMatchObject(wanted);
  });

  it('arrives byte by byte', () => {
    expect(play(bytes, awaiting)).toMatchObject(wanted);
  });

  it('arrives cut at every place', () => {
    for (let at = 1; at < bytes.length; at++) expect(play([bytes.slice(0, at), bytes.slice(at)], awaiting)).toMatchObject(wanted);
  });

  it('gives nothing of what is not there yet', () => {
    for (let at = 0; at < bytes.length; at++) {
      const session = createReplyReader();
      session.push(bytes.slice(0, at));
      const seen: string[] = [];
      for (let arrival = session.next(awaiting[0] as Awaiting); arrival; arrival = session.next(awaiting[0] as Awaiting)) {
        seen.push(arrival.kind);
        if (arrival.kind === 'begun') break;
      }
      expect(seen.length).toBeLessThanOrEqual(wanted.length);
    }
  });
});

describe('what is no reply', () => {
  it.each(['hello\n', 'GET / HTTP/1.1\n', '20 result=0\n', 'agi_arg_1: late\n200 result=0\nagi_arg_2: later\n', '\x16\x03\x01\n'])(
    '%j is refused',
    (line) => {
      const session = createReplyReader();
      session.push(line);
      expect(() => {
        while (session.next({ kind: 'reply' }));
      }).toThrow(expect.objectContaining({ code: 'FASTAGI_REPLY_MALFORMED' }));
    },
  );

  it('a reply without end is refused', () => {
    const session = createReplyReader();
    expect(() => {
      for (let n = 0; n <= longestReply; n += 4096) session.push('x'.repeat(4096));
    }).toThrow(expect.objectContaining({ code: 'FASTAGI_REPLY_LARGE' }));
  });

  it('a usage of many lines ends at its own code followed by a blank', () => {
    expect(play([usage.replace('520 is no end\n', '')], [{ kind: 'reply' }])).toEqual([expect.objectContaining({ code: 520 })]);
  });
});

describe('the largest reply', () => {
  const large = expect.objectContaining({ code: 'FASTAGI_REPLY_LARGE' }) as Error;

  it('has 1,048,576 bytes', () => {
    const session = createReplyReader();
    session.push('x'.repeat(1_048_576));
    expect(() => session.push('x')).toThrow(large);
  });

  it('is counted with the lines of it that were taken, and anew behind it', () => {
    const session = createReplyReader();
    for (let round = 0; round < 3; round++) {
      session.push(`520-Usage\n${'x'.repeat(600_000)}\n`);
      expect([session.next({ kind: 'reply' }), session.isBlockOpen]).toEqual([undefined, true]);
      session.push('520 End of proper usage.\n');
      expect(session.next({ kind: 'reply' })).toMatchObject({ kind: 'reply', reply: { code: 520 } });
      expect(session.isBlockOpen).toBe(false);
    }
    session.push(`520-Usage\n${'x'.repeat(600_000)}\n`);
    session.next({ kind: 'reply' });
    expect(() => session.push('y'.repeat(600_000))).toThrow(large);
  });
});

describe('a reader', () => {
  it('takes a block of several lines to the line with its own code', () => {
    expect(play(['511-one\n11 two\n511 three\n'], [{ kind: 'reply' }])).toMatchObject([{ code: 511, text: 'one\n11 two\n511 three' }]);
  });

  it('forgets what has come, also a block that has begun', () => {
    const session = createReplyReader();
    session.push('520-Usage\nx\nlater');
    session.next({ kind: 'reply' });
    session.push('\n');
    session.clear();
    expect(session.isBlockOpen).toBe(false);
    session.push('200 result=5\n');
    expect(session.next({ kind: 'reply' })).toMatchObject({ reply: { result: '5' } });
    expect(session.next({ kind: 'reply' })).toBeUndefined();
  });

  it('takes a notice alone before a probe for no value', () => {
    expect(play(['HANGUP\n200 result=1 (MARK)\n'], [{ kind: 'probe', mark: 'MARK', isValue: true }])).toEqual([
      { kind: 'probed', before: '', hungUp: true },
    ]);
  });
});
