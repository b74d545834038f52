import { expect, it } from 'vitest';
import { targetOf } from '../../src/cli/phone/target';

it.each([
  ['agi://127.0.0.1/menu', { host: '127.0.0.1', port: 4573, script: 'menu' }],
  ['AGI://agi.example.org:80/sub/menu.js?topic=1&x=%20', { host: 'agi.example.org', port: 80, script: 'sub/menu.js?topic=1&x=%20' }],
  ['agi://[::1]:4574/menu', { host: '::1', port: 4574, script: 'menu' }],
])('takes the address %s apart', async (text, parts) => {
  expect(await targetOf(text, {})).toMatchObject(parts);
});

it.each(['agi://127.0.0.1', 'agi://127.0.0.1/', 'agi://', 'agi://host:port/menu'])('refuses %s', async (text) => {
  await expect(targetOf(text, {})).rejects.toMatchObject({ code: 'FASTAGI_CALL_TARGET' });
});
