import { leave } from './parts.mjs';

export default async function (agi) {
  const manager = await agi.manager();
  const channel = agi.request.agi_channel;
  const [own] = await manager.status({ channel });
  await manager.setVar({ channel, variable: 'SEEN', value: 'by the manager' });
  leave(import.meta.url, [own.application, own.data.split(',')[0], await agi.getVariable('SEEN'), (await agi.manager()) === manager]);
}
