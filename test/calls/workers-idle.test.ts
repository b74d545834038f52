import { afterEach, expect, it } from 'vitest';
import { describeWith, hasProgram, isRoot } from '../support/parts';
import { environment, openPeer, variableSet } from '../support/peer';
import { until, type Place, type SuperServer } from '../support/super-server';
import { makeWorkersPlace, startXinetdWaiting } from '../support/workers';

/** So many calls come in the moment in which the socket is given back; thousands by hand: FASTAGI_IDLE_TRIES=2000. */
const tries = Number(process.env['FASTAGI_IDLE_TRIES'] ?? 16);
const services = tries > 100 ? 16 : 4;

const opened: { server: SuperServer; place: Place }[] = [];
afterEach(async () => {
  for (const { server, place } of opened.splice(0)) {
    await server.stop();
    place.remove();
  }
});

async function open(): Promise<SuperServer & { place: Place }> {
  const place = makeWorkersPlace('workers = 1\nidle_exit = 1');
  place.script('x.mjs', "export default async (fastagi) => { await fastagi.setVariable('pid', String(process.ppid)); };\n");
  const server = await startXinetdWaiting(place);
  opened.push({ server, place });
  return { ...server, place };
}

async function call({ port }: SuperServer): Promise<{ status: string | undefined; pid: string | undefined }> {
  const peer = openPeer(port, environment('x.mjs'));
  await peer.closed;
  return { status: variableSet(peer, 'FASTAGISTATUS'), pid: variableSet(peer, 'pid') };
}

describeWith({ xinetd: hasProgram('xinetd'), root: isRoot }, 'idle_exit', () => {
  it('gives the socket back to xinetd, which starts it again for the next call', async () => {
    const server = await open();
    const first = await call(server);
    await until('the socket to be given back', () => server.place.log().includes('gives the socket back (idle_exit)'));
    const second = await call(server);
    expect([first.status, second.status]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(second.pid).not.toBe(first.pid);
  });

  it(`serves a call that comes in that very moment: ${tries} times`, async () => {
    const all = await Promise.all(
      Array.from({ length: services }, async (_, which) => {
        const server = await open();
        const came: (string | undefined)[] = [];
        const pids = new Set<string | undefined>();
        for (let one = 0; one < tries / services; one++) {
          // From shortly before the second is over to shortly behind it: it is looked at each quarter of one.
          await new Promise((resolve) => setTimeout(resolve, 950 + ((one * 37 + which * 11) % 400)));
          const { status, pid } = await call(server);
          came.push(status);
          pids.add(pid);
        }
        return { came, starts: pids.size };
      }),
    );
    expect(all.flatMap(({ came }) => came).filter((status) => status !== 'SUCCESS')).toEqual([]);
    // Some calls were late enough for another start, or the moment was never met.
    expect(Math.max(...all.map(({ starts }) => starts))).toBeGreaterThan(1);
  }, 1_200_000);
});
