import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, program, runtime, startXinetd, type Place, type SuperServer } from '../support/super-server';

const alice = 61_001;

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot, setpriv: hasProgram('setpriv') }, "a program with root's setuid bit", () => {
  let place: Place;
  let server: SuperServer;
  beforeEach(() => {
    place = makePlace();
    copyFileSync('/usr/bin/id', join(place.dir, 'id'));
    chmodSync(join(place.dir, 'id'), 0o4755);
    chownSync(place.use('privileges/who.cjs'), alice, alice);
  });
  afterEach(async () => {
    await server.stop();
    place.remove();
  });

  // As the service file has it, in a comment.
  it.each([
    ['works for a script as for its owner', {}, '0'],
    [
      'gives a script nothing below setpriv --no-new-privs',
      { server: '/usr/bin/setpriv', before: `--no-new-privs ${runtime} ${program}` },
      `${alice}`,
    ],
  ])('%s', async (_what, options, effective) => {
    server = await startXinetd(place, options);
    const peer = openPeer(server.port, environment('who.cjs'));
    await peer.closed;
    expect(variableSet(peer, 'effective')).toBe(effective);
  });
});
