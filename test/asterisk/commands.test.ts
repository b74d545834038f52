import { expect, test } from 'vitest';
import { traitsOf } from '../../src/agi/wire/command-table';
import { commands, further } from './commands-table';
import { useAsterisk } from './support/asterisk';
import { useServer } from './support/fastagi-server';
import { describeWithXinetd } from './support/requirements';
import { dialplanFor, runInCall } from './support/scripts';

describeWithXinetd('every command on a live channel', () => {
  const server = useServer();
  const asterisk = useAsterisk(() => dialplanFor(server));
  const runAll = async (name: string, calls: string[]) => runInCall(asterisk, server, 'each.js', { name, given: calls });

  test('the tables have each command that this Asterisk lists, and which of them it takes on a dead channel', async () => {
    const found = [...(await asterisk.rx('agi show commands')).matchAll(/^ *(Yes|No) +([a-z ]+?) {2,}\S/gm)];
    const listed = found.map(([, onDead = '', command = '']) => [command.toUpperCase(), onDead === 'Yes'] as const);
    expect(listed.map(([command]) => command).sort()).toEqual(commands.map(([command]) => command).sort());
    expect(listed).toHaveLength(47);
    expect(listed).toEqual(listed.map(([command]) => [command, traitsOf(command).onDeadChannel]));
  });

  test('each gives what the script wants to know', async () => {
    const log = asterisk.log();
    const results = await runAll(
      'commands',
      commands.map(([, call]) => call),
    );
    expect(results).toEqual(commands.map(([, call, value]) => [call, value]));
    expect(log.text()).toContain('@@ said');
    // The script hung up itself, and returned.
    await log.match(/@@ over SUCCESS/);
  });

  test('and so do the less plain cases', async () => {
    const log = asterisk.log();
    expect(
      await runAll(
        'further',
        further.map(([call]) => call),
      ),
    ).toEqual(further);
    // The elements of an application's options arrive as they were given.
    await log.match(/File no,such "file" \\ \(here \[there does not exist/);
    await log.match(/@@ further ended SUCCESS \[\]/);
  });

  test('the script decides where the dialplan goes on', async () => {
    const log = asterisk.log();
    await runInCall(asterisk, server, 'commands/moving.js');
    await log.match(/Executing \[s@subroutine:1\]/);
  });
});
