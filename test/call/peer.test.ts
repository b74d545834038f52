import { describe, expect, it } from 'vitest';
import { checkPeer, isListed, plainAddress } from '../../src/call/peer';

describe('an address', () => {
  it.each([
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['::ffff:192.0.2.7x', '::ffff:192.0.2.7x'],
  ])('%s is taken for %s', (address, plain) => expect(plainAddress(address)).toBe(plain));
});

describe('a list', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['::ffff:192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '::ffff:192.0.2.7', true],
    ['192.0.2.8', '192.0.2.7', false],
    ['192.0.2.7', '192.0.2.0/24', true],
    ['::ffff:192.0.2.7', '192.0.2.0/24', true],
    ['192.0.3.7', '192.0.2.0/24', false],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['fe80::1%eth0', 'fe80::1', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['192.0.2.7', '::/0', false],
    ['::1', '0.0.0.0/0', false],
    ['', '0.0.0.0/0', false],
    ['unknown', '0.0.0.0/0', false],
    ['999.1.1.1', '0.0.0.0/0', false],
    ['192.0.2.7 ', '0.0.0.0/0', false],
    ['192.0.2', '0.0.0.0/0', false],
  ])('of whom is %j in %s: %s', (address, entry, listed) => {
    expect(isListed(address, [entry], 'allow')).toBe(listed);
    expect(isListed(address, ['203.0.113.1', entry], 'allow')).toBe(listed);
  });

  it.each(['somewhere', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8x', '10.0.0.0/8/8', '/8', '::1/129', '10.0.0.0/-1', '10.0.0/8', ''])(
    'takes no %j',
    (entry) => {
      expect(() => checkPeer('192.0.2.7', [entry])).toThrow(/\[fastagi\] allow: .* is neither an address nor a network/);
    },
  );

  it('has nobody who is unknown', () => {
    expect(() => checkPeer(undefined, ['0.0.0.0/0', '::/0'])).toThrow(/calls from an unknown address are not allowed/);
    expect(() => checkPeer('192.0.2.7', ['192.0.2.8'])).toThrow(
      expect.objectContaining({ code: 'FASTAGI_PEER_REFUSED', status: 'FORBIDDEN' }),
    );
  });
});
