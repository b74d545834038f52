// Prints the phones of chan_pjsip, and whether they can be reached.
//
//   node peers.mjs                      with [asmanager] of /etc/asterisk/phpagi.conf
//   node peers.mjs pbx.example.org      on another host
//
// In manager.conf the user needs: read = none, write = system

import { connectManager } from 'fastagi/manager';

const [server] = process.argv.slice(2);
const manager = await connectManager({ server });
try {
  const endpoints = await manager.pjsipEndpoints();
  if (endpoints.length === 0) console.log('there are no endpoints in pjsip.conf');
  for (const { name, state, contacts, activeChannels } of endpoints)
    console.log(`${name.padEnd(20)} ${(state ?? 'unknown').padEnd(15)} ${activeChannels} calls  ${contacts.join(' ')}`);
} finally {
  await manager.close();
}
