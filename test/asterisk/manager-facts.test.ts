import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documentation, useAsterisk, version } from './support/asterisk';
import { choosePorts, connectTo, listingModules, managerParts as parts } from './support/manager-parts';
import { describeWithXinetd } from './support/requirements';

const file = new URL('../manager/wire/recorded/asterisk-22.json', import.meta.url);

const more =
  'app_mf app_senddtmf app_sendtext app_mixmonitor res_pjsip_notify chan_pjsip res_xmpp res_fax_spandsp res_mutestream app_flash'.split(
    ' ',
  );

/** What this Asterisk says of its manager: the classes of its actions and its documented events. */
interface Facts {
  readonly actions: Readonly<Record<string, string>>;
  readonly events: Readonly<Record<string, string>>;
}

describeWithXinetd('what Asterisk 22 says of its manager', () => {
  choosePorts();
  useAsterisk(
    () => '[default]\n',
    () => ({ ...parts(), modules: [...listingModules, ...more] }),
  );

  describe('is what was recorded of it (FASTAGI_RECORD=1 records it anew)', () => {
    if (version === 22)
      test('the classes of actions and events', async () => {
        const manager = await connectTo();
        const found: Facts = { actions: actionsOf((await manager.action('ListCommands')).headers), events: eventsOf(documentation()) };
        if (process.env['FASTAGI_RECORD'] === '1') writeFileSync(file, `${JSON.stringify(found, undefined, 1)}\n`);
        const recorded = JSON.parse(readFileSync(file, 'utf8')) as Facts;
        // Another release may have fewer, and further ones.
        expect(shared(recorded.actions, found.actions)).toEqual(shared(found.actions, recorded.actions));
        expect(shared(recorded.events, found.events)).toEqual(shared(found.events, recorded.events));
        expect(Object.keys(shared(recorded.actions, found.actions)).length).toBeGreaterThan(100);
        expect(Object.keys(shared(recorded.events, found.events)).length).toBeGreaterThan(150);
      });
    else test('on 22 only', () => expect(version).toBe(16));
  });
});

function shared(one: Facts['actions'], other: Facts['actions']): Facts['actions'] {
  return Object.fromEntries(Object.entries(one).filter(([name]) => name in other));
}

/** `Hangup: Hangup channel.  (Priv: call,system,all)`. */
function actionsOf(headers: readonly (readonly [string, string | undefined])[]): Facts['actions'] {
  const found = headers.flatMap(([name, text]) => {
    const classes = /\(Priv: (.*)\)$/.exec(text ?? '')?.[1];
    return classes === undefined ? [] : [[name, classes] as const];
  });
  return Object.fromEntries(found.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function eventsOf(xml: string): Facts['events'] {
  const found = [...xml.matchAll(/<managerEvent [^>]*name="([^"]+)"[^>]*>\s*<managerEventInstance class="EVENT_FLAG_(\w+)"/g)];
  // For some it says EVENT_FLAG_CLASS.
  const pairs = found.filter(([, , own]) => own !== 'CLASS').map(([, name = '', own = '']) => [name, own.toLowerCase()] as const);
  return Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
