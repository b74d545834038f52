import { expect, it } from 'vitest';
import { parseCallerId } from '../../src/ivr/caller-id';

const none = { name: '', protocol: '', username: '', host: '', port: '' };

it.each([
  ['"Some One" <sip:100@pbx.example:5060>', { name: 'Some One', protocol: 'sip', username: '100', host: 'pbx.example', port: '5060' }],
  ['"Some One" <100>', { name: 'Some One', username: '100' }],
  ["'Some One' <100>", { name: 'Some One', username: '100' }],
  ['Some One <100>', { name: 'Some One', username: '100' }],
  ['"Some \\"One\\"" <100>', { name: 'Some "One"', username: '100' }],
  ['"Only a name"', { name: 'Only a name' }],
  ['"" <100>', { username: '100' }],
  ['"Some One" 100', { name: 'Some One', username: '100' }],
  ['100', { username: '100' }],
  ['<100>', { username: '100' }],
  ['+4930123', { username: '+4930123' }],
  ['sip:100', { protocol: 'sip', username: '100' }],
  ['100@pbx', { username: '100', host: 'pbx' }],
  ['sips:a:b@pbx', { protocol: 'sips', username: 'a:b', host: 'pbx' }],
  ['<sip:u@[::1]:5060>', { protocol: 'sip', username: 'u', host: '[::1]', port: '5060' }],
  ['"open <100>', { name: '"open', username: '100' }],
  ['', {}],
  ['   ', {}],
])('takes %j apart', (text, parts) => {
  expect(parseCallerId(text)).toEqual({ ...none, ...parts });
});
