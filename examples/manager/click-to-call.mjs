// Rings somebody's phone, and calls a number as soon as it is picked up. Ctrl-C hangs up what rings.
//
//   node click-to-call.mjs PJSIP/100 5551234 [CONTEXT [HOST]]
//
// In manager.conf the user needs: read = system,call and write = originate,call

import { connectManager } from 'fastagi/manager';

const [phone, number, context = 'default', server] = process.argv.slice(2);
if (phone === undefined || !/^[0-9*#+]+$/.test(number ?? '')) {
  console.error('usage: node click-to-call.mjs PHONE NUMBER [CONTEXT [HOST]]');
  process.exit(2);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('you stopped it')));

const manager = await connectManager({ server });
try {
  console.log(`${phone} rings`);
  const call = await manager.originate({
    channel: phone,
    context,
    extension: number,
    callerId: `"Call to ${number}" <${number}>`,
    timeout: 20_000,
    signal: stop.signal,
  });
  console.log(`${phone}: ${call.outcome}`);
  if (call.outcome === 'answered') {
    const end = await call.ended;
    console.log(`the call is over: ${end?.text ?? 'nobody knows why'}`);
  } else process.exitCode = 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await manager.close();
}
