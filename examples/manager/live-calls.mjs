// The calls of this moment, in the terminal, until Ctrl-C. What was missed while Asterisk was away is read anew.
//
//   node live-calls.mjs [HOST]
//
// In manager.conf the user needs: read = system,call and write = system,reporting

import { connectManager } from 'fastagi/manager';

const [server] = process.argv.slice(2);
const manager = await connectManager({ server });
process.once('SIGINT', () => void manager.close());

/** What is known of each channel, by its unique id. */
const calls = new Map();
const note = (event) => {
  const known = calls.get(event.get('Uniqueid'));
  calls.set(event.get('Uniqueid'), {
    since: known?.since ?? Date.now(),
    channel: event.get('Channel'),
    state: event.get('ChannelStateDesc'),
    from: event.get('CallerIDName') ?? event.get('CallerIDNum') ?? 'unknown',
    to: event.get('ConnectedLineNum') ?? event.get('Exten') ?? '',
  });
};

const readAll = async () => {
  calls.clear();
  for await (const item of manager.list('CoreShowChannels', {}, { wait: true })) note(item);
};

const show = () => {
  const lines = [...calls.values()].map(({ since, channel, state, from, to }) => {
    const seconds = String(Math.round((Date.now() - since) / 1000)).padStart(5);
    return `${seconds} s  ${(state ?? '').padEnd(8)} ${from} -> ${to}  ${channel}`;
  });
  if (process.stdout.isTTY) process.stdout.write('\x1b[H\x1b[2J');
  console.log(`${calls.size} channels${manager.connected ? '' : ' (Asterisk is away)'}\n${lines.join('\n')}`);
};

// Events first, so that nothing falls between them and the list.
const events = manager.events({ names: ['Newchannel', 'Newstate', 'NewCallerid', 'NewConnectedLine', 'Hangup'] });
await readAll();
show();
for await (const event of events) {
  if ('dropped' in event) await readAll();
  else if (event.name === 'Hangup') calls.delete(event.get('Uniqueid'));
  else note(event);
  show();
}
