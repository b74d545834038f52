import { chownSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { forgetCounts } from './forget-counts';
import { environment, openPeer, politeAnswer } from './peer';
import { startSmtp, type MailServer } from './smtp';
import { makePlace, startXinetd, type Place, type SuperServer } from './super-server';

/** Calls under xinetd whose failures are mailed to a real mail server. */
export interface MailedCalls {
  readonly place: Place;
  readonly smtp: MailServer;
  readonly server: SuperServer;
  /** Writes a script of the owner's; gives its path. */
  script(name: string, text: string): string;
  /** Makes a call, and waits for its end. */
  call(name: string, at?: SuperServer): Promise<void>;
  /** Serves the same scripts with other settings of `[phpagi]`, and a log of their own. */
  withSettings(phpagi: string, act: (other: Place, server: SuperServer) => Promise<void>): Promise<void>;
}

/** @param owner as whom nobody but these tests runs scripts */
export function useMailedCalls(owner: number): MailedCalls {
  const parts: { place?: Place; smtp?: MailServer; server?: SuperServer } = {};
  const have = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('only within a test');
    return part;
  };
  const calls: MailedCalls = {
    get place() {
      return have(parts.place);
    },
    get smtp() {
      return have(parts.smtp);
    },
    get server() {
      return have(parts.server);
    },
    script(name, text) {
      const path = calls.place.script(name, text);
      chownSync(path, owner, owner);
      return path;
    },
    async call(name, at = calls.server) {
      const peer = openPeer(at.port, environment(name), (line) => (line.startsWith('GET DATA') ? '200 result=4711\n' : politeAnswer(line)));
      await peer.closed;
    },
    async withSettings(phpagi, act) {
      const other = makePlace();
      writeFileSync(other.config, `[fastagi]\nbasedir = ${calls.place.basedir}\nlog = ${other.dir}/log\n[phpagi]\n${phpagi}\n`);
      const server = await startXinetd(other);
      try {
        await act(other, server);
      } finally {
        await server.stop();
        other.remove();
      }
    },
  };
  beforeAll(async () => {
    const smtp = await startSmtp();
    const place = makePlace();
    writeFileSync(
      place.config,
      `[fastagi]\nbasedir = ${place.basedir}\nlog = ${place.dir}/log\n[phpagi]\nadmin = admin@example.org\nhostname = pbx.example.org\nsmtp = smtp://127.0.0.1:${smtp.port}\n`,
    );
    Object.assign(parts, { smtp, place, server: await startXinetd(place) });
  });
  afterAll(async () => {
    await parts.server?.stop();
    await parts.smtp?.stop();
    parts.place?.remove();
  });
  beforeEach(() => forgetCounts(owner));
  return calls;
}
