import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inetd, startInetd, startSystemd } from '../support/other-super-servers';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { makePlace, project, startXinetd, until, type Place, type SuperServer } from '../support/super-server';

const snippet = readFileSync(join(project, 'inetd/inetd.conf.snippet'), 'utf8').split('\n');
const lineFor = (host: string): string =>
  snippet.find((line) => line.replace(/^#/, '').startsWith(host.includes(':') ? `[${host}]:` : `${host}:`))?.replace(/^#/, '') ?? '';

async function serves(place: Place, server: SuperServer): Promise<void> {
  try {
    place.use('super-servers/where.js');
    const peer = openPeer(server.port, environment('where.js'), undefined, server.host);
    await peer.closed;
    expect(variableSet(peer, 'ran')).toBe('yes');
    expect(variableSet(peer, 'FASTAGISTATUS')).toBe('SUCCESS');
    expect(peer.commands).toHaveLength(2);
    await until('the log', () => /a line for the log/.test(place.log()) && /another/.test(place.log()));
  } finally {
    await server.stop();
    place.remove();
  }
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'xinetd', () => {
  it.each(['127.0.0.1', '::1'])('starts the program for a connection to %s', async (host) => {
    const place = makePlace('allow = 127.0.0.1, ::1');
    await serves(place, await startXinetd(place, { host }));
  });
});

describeWith({ inetd: inetd !== undefined, root: isRoot }, 'inetd', () => {
  it.each(['127.0.0.1', '::1'])('starts the program for a connection to %s, by the line of inetd/', async (host) => {
    const place = makePlace('allow = 127.0.0.1, ::1');
    await serves(place, await startInetd(place, lineFor(host), host));
  });
});

describeWith({ 'systemd-socket-activate': hasProgram('systemd-socket-activate') }, 'systemd, Accept=yes', () => {
  it.each(['127.0.0.1', '::1'])('starts the program for a connection to %s', async (host) => {
    const place = makePlace('allow = 127.0.0.1, ::1');
    await serves(place, await startSystemd(place, host));
  });

  it('leaves standard error, which is the journal, as the log', async () => {
    const place = makePlace();
    const server = await startSystemd({ ...place, config: writeConfig(place) }, '127.0.0.1');
    try {
      place.use('super-servers/noisy.js');
      const peer = openPeer(server.port, environment('noisy.js'));
      await peer.closed;
      await until(
        'the journal',
        () =>
          /to the journal/.test(server.output()) && /by descriptor/.test(server.output()) && /FAILURE: Error: boom/.test(server.output()),
      );
      expect(peer.commands.filter((line) => line.startsWith('VERBOSE'))).toHaveLength(1);
    } finally {
      await server.stop();
      place.remove();
    }
  });
});

function writeConfig(place: Place): string {
  place.script('journal.conf', `[fastagi]\nbasedir = ${place.basedir}\n`);
  return join(place.basedir, 'journal.conf');
}
