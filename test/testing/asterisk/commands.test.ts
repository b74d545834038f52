import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectCall, type AsteriskOptions } from '../../../src/testing';
import { fasterClock } from '../../../src/testing/asterisk/clock';
import { commands, further } from '../../asterisk/commands-table';
import { useScript } from '../../asterisk/support/scripts';
import { describeWith, hasProgram, isRoot } from '../../support/parts';
import { makePlace, project, startXinetd, until, type Place, type SuperServer } from '../../support/super-server';

const fast = fasterClock(100);

const optionsFor = (name: string): AsteriskOptions => ({
  variables: { CONTEXT: 'default', EXTEN: name },
  sounds: { beep: 440 },
  subroutines: { 'subroutine,s,1': (args, { variables }) => void variables.set('RETURNED', args.map((arg) => `<${arg}>`).join('')) },
});

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'the simulated Asterisk at the other end of a script', () => {
  let place: Place;
  let server: SuperServer;
  beforeAll(async () => {
    place = makePlace();
    mkdirSync(join(place.basedir, 'node_modules'));
    symlinkSync(project, join(place.basedir, 'node_modules/fastagi'));
    server = await startXinetd(place);
  });
  afterAll(async () => {
    await server.stop();
    place.remove();
  });

  /** Calls each in one script, and gives what they came to. */
  async function runAll(name: string, calls: readonly string[]): Promise<unknown> {
    useScript(place.basedir, 'each.js', { name: `${name}.mjs`, given: calls });
    const socket = connect(server.port, server.host);
    const asterisk = connectCall(socket, { script: name }, optionsFor(name), fast);
    await new Promise((resolve) => socket.once('close', resolve));
    expect(asterisk.channel.read('FASTAGISTATUS')).toBe('SUCCESS');
    const file = await until(`results of ${name}`, () => existsSync(join(place.out, name)) && join(place.out, name));
    return JSON.parse(readFileSync(file, 'utf8'));
  }

  it('gives each of the 47 commands what the real one gives', async () => {
    expect(commands).toHaveLength(47);
    const results = await runAll(
      'commands',
      commands.map(([, call]) => call),
    );
    expect(results).toEqual(commands.map(([, call, value]) => [call, value]));
  });

  it('and the less plain cases too', async () => {
    const results = await runAll(
      'further',
      further.map(([call]) => call),
    );
    expect(results).toEqual(further);
  });
});
