import { afterEach, describe, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet, type Peer } from '../support/peer';
import { heldCall } from '../support/opened-workers';
import { inetd } from '../support/other-super-servers';
import type { Place, SuperServer } from '../support/super-server';
import { makeWorkersPlace, startInetdWaiting, startXinetdWaiting } from '../support/workers';

/*
 * A super-server hands the listening socket over as descriptor 0, and all workers share it, its flags too: whoever makes it wait, as libuv does with
 * the descriptors 0 to 2 of a child, has every worker hang in accept() that another one forestalled, and its calls with it.
 */

let place: Place;
let server: SuperServer;
afterEach(async () => {
  await server.stop();
  place.remove();
});

const waits = "export default async (agi) => { await agi.waitForDigit(-1); await agi.setVariable('says', 'old'); };\n";
const says = (text: string): string => `module.exports = (agi) => agi.setVariable('says', '${text}');\n`;

async function said(): Promise<string | undefined> {
  const peer = openPeer(server.port, environment('says.js'));
  await peer.closed;
  return variableSet(peer, 'says');
}

const kinds = [
  ['xinetd', { xinetd: hasProgram('xinetd'), root: isRoot }, startXinetdWaiting],
  ['inetd', { inetd: inetd !== undefined, root: isRoot }, startInetdWaiting],
] as const;

describe.each(kinds)('a socket of %s', (_name, parts, start) => {
  describeWith(parts, 'that workers share', () => {
    it('holds no call up, whenever a worker begins or ends', async () => {
      place = makeWorkersPlace('workers = 2');
      server = await start(place);
      place.script('x.mjs', waits);
      place.script('says.js', says('0'));
      expect(await said()).toBe('0');
      for (let round = 1; round <= 3; round++) {
        const calls: Peer[] = [];
        for (let call = 0; call < 6; call++) calls.push(await heldCall(server));
        // Their workers are replaced, and end behind their successors' beginning.
        for (let change = 0; change < 3; change++) {
          place.script('says.js', says(`${round} ${change}`));
          expect(await said()).toBe(`${round} ${change}`);
        }
        for (const { socket } of calls) socket.write('200 result=49\n');
        for (const peer of calls) {
          await peer.closed;
          expect(variableSet(peer, 'says')).toBe('old');
        }
      }
    });

    it('is no descriptor that a child of a script gets', async () => {
      place = makeWorkersPlace('workers = 2');
      server = await start(place);
      place.script('says.js', "module.exports = (agi) => agi.setVariable('says', require('node:fs').readlinkSync('/proc/self/fd/0'));\n");
      expect(await said()).toBe('/dev/null');
    });
  });
});
