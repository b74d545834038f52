import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { machineParts, ownMachine, type OwnMachine } from '../support/own-machine';
import { describeWith } from '../support/parts';
import { environment } from '../support/peer';
import { program, project, runtime, until, type Place } from '../support/super-server';
import { makeWorkersPlace } from '../support/workers';

let place: Place;
let machine: OwnMachine;
afterEach(async () => {
  await machine.stop();
  place.remove();
});

/** Two networks with a cable between them: Asterisk's machine is the other one. */
const cable = `unshare --net sleep 600 & other=$!
echo $other > /mnt/other
ip link add va type veth peer name vb
until ip link set vb netns $other 2>/dev/null; do sleep 0.05; done
ip address add 10.99.0.1/24 dev va; ip link set va up
nsenter -t $other -n sh -c 'ip address add 10.99.0.2/24 dev vb; ip link set vb up'`;

describeWith(machineParts, 'an Asterisk whose machine is gone', () => {
  it('is noticed within keepalive, though what was sent last is not acknowledged', async () => {
    place = makeWorkersPlace('workers = 1\nkeepalive = 15');
    const [began, gone] = [join(place.out, 'began'), join(place.out, 'gone')];
    place.script(
      'x.mjs',
      `import { existsSync, writeFileSync } from 'node:fs';
export default async (fastagi) => {
  await fastagi.answer();
  writeFileSync('${began}', '');
  while (!existsSync('${gone}')) await new Promise((resolve) => setTimeout(resolve, 20));
  const sent = Date.now();
  await fastagi.waitForDigit(-1).catch(() => fastagi.log.info('noticed after ' + (Date.now() - sent) + ' ms'));
};
`,
    );
    const caller = `const socket = require('node:net').connect(4573, '10.99.0.1', () => socket.write(${JSON.stringify(environment('x.mjs'))}));
socket.on('data', () => socket.write('200 result=0\\n'));`;
    writeFileSync(join(place.dir, 'caller.cjs'), caller);
    machine = await ownMachine(cable, [join(project, 'dist')]);
    machine.run(`${runtime} ${program} listen --config ${place.config} --host 10.99.0.1 >/dev/null 2>&1 & `);
    await until('the workers', () => /ready$/m.test(place.log()));
    machine.run(`nsenter -t $(cat /mnt/other) -n ${process.execPath} ${join(place.dir, 'caller.cjs')} >/dev/null 2>&1 & `);
    await until('the call', () => existsSync(began));
    // Nobody answers any more, not even that nobody is there.
    machine.run('nsenter -t $(cat /mnt/other) -n ip address del 10.99.0.2/24 dev vb');
    writeFileSync(gone, '');
    await expect.poll(() => place.log(), { timeout: 22_000 }).toMatch(/noticed after \d+ ms/);
    const after = Number(/noticed after (\d+) ms/.exec(place.log())?.[1]);
    expect(after).toBeGreaterThan(4000);
    expect(place.log()).toContain('connection from 10.99.0.2: what was sent was not acknowledged for 15 s (keepalive); it is closed');
  });
});
