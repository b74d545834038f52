import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownEvent } from '../../../src/manager/wire/event-classes';
import { beginsList, isItemWithoutId, knownLists, partOfList } from '../../../src/manager/wire/list-table';
import { Message } from '../../../src/manager/wire/message';
import { permissionFor, permissions } from '../../../src/manager/wire/permissions';

const event = (name: string, ...lines: string[]) => new Message([`Event: ${name}`, ...lines].join('\r\n'));
const answer = (...lines: string[]) => new Message(['Response: Success', ...lines].join('\r\n'));

describe('lists', () => {
  it.each(['start', 'Start', 'START'])('begin with EventList: %s', (word) => {
    expect(beginsList('Status', answer(`EventList: ${word}`))).toBe(true);
  });

  it('do not begin with anything else, but for those that announce none', () => {
    expect(beginsList('Ping', answer())).toBe(false);
    expect(beginsList('MailboxCount', answer('EventList: Complete'))).toBe(false);
    expect(beginsList('faxstats', answer())).toBe(true);
    expect(beginsList('FAXSession', answer())).toBe(true);
  });

  it('have items of their own names, and an end', () => {
    expect(partOfList('QueueStatus', event('queuemember'))).toBe('item');
    expect(partOfList('QueueStatus', event('Hangup'))).toBeUndefined();
    expect(partOfList('QueueStatus', event('QueueStatusComplete', 'EventList: Complete'))).toBe('end');
    expect(partOfList('QueueStatus', event('QueueStatusComplete', 'EventList: cancelled'))).toBe('cancelled');
    expect(partOfList('FAXStats', event('FAXStats'))).toBe('last item');
    expect(partOfList('SomebodyElses', event('Whatever'))).toBe('item');
  });

  it('take no UserEvent for theirs, whatever it looks like', () => {
    for (const action of ['QueueStatus', 'SomebodyElses'])
      for (const line of ['X: 1', 'EventList: Complete', 'EventList: cancelled'])
        expect(partOfList(action, event('UserEvent', line))).toBeUndefined();
  });

  it('know items without an ActionID', () => {
    expect(isItemWithoutId('IAXpeers', event('PeerEntry'))).toBe(true);
    expect(isItemWithoutId('IAXpeerlist', event('PeerEntry'))).toBe(true);
    expect(isItemWithoutId('SIPpeers', event('PeerEntry'))).toBe(false);
    expect(isItemWithoutId('IAXpeers', event('Hangup'))).toBe(false);
  });

  it('are known by lower case names', () => {
    expect(knownLists).toContain('coreshowchannels');
    expect(knownLists.filter((name) => name !== name.toLowerCase())).toEqual([]);
  });
});

it.each([
  ['hangup', 'Hangup', 'call'],
  ['NEWEXTEN', 'Newexten', 'dialplan'],
  ['Shutdown', 'Shutdown', 'system'],
  ['queuecallerjoin', 'QueueCallerJoin', 'agent'],
  ['RTCPSent', 'RTCPSent', 'reporting'],
  ['UserEvent', 'UserEvent', 'user'],
])('the event %s is %s of class %s', (name, spelled, own) => {
  expect(knownEvent(name)).toEqual({ name: spelled, class: own });
});

it('an event that nobody knows has no class', () => {
  expect(knownEvent('MyOwn')).toBeUndefined();
});

it.each([
  ['Originate', '', "add originate to the user's write in manager.conf"],
  ['getvar', '', "add call or reporting to the user's write in manager.conf"],
  ['GetVar', 'GetVar Access Forbidden: Variable', /needs the class system as well/],
  ['MyOwn', '', /add the class that `manager show command` names/],
])('the permission for %s', (action, reply, said) => {
  expect(permissionFor(action, reply)).toMatch(said);
});

describe('what Asterisk 22 says of itself', () => {
  const { actions, events } = JSON.parse(readFileSync(new URL('recorded/asterisk-22.json', import.meta.url), 'utf8')) as Record<
    'actions' | 'events',
    Record<string, string>
  >;

  it('of the classes that an action needs', () => {
    for (const [action, text] of Object.entries(actions)) {
      const classes = text.split(',').filter((own) => own !== 'all' && own !== '<none>');
      const words = classes.length < 3 ? classes.join(' or ') : `${classes.slice(0, -1).join(', ')} or ${classes.at(-1)}`;
      expect([action, permissionFor(action)]).toEqual([
        action,
        expect.stringContaining(words === '' ? '`manager show command`' : `add ${words} to`),
      ]);
    }
  });

  it('of the class of an event, but for those of lists', () => {
    const unknown: string[] = [];
    for (const [name, own] of Object.entries(events)) {
      const known = knownEvent(name);
      if (!known) unknown.push(name);
      // Some it documents in another spelling than it sends.
      else expect({ ...known, name: known.name.toLowerCase() }).toEqual({ name: name.toLowerCase(), class: own });
    }
    const isOfLists = (name: string): boolean =>
      name.endsWith('Complete') || knownLists.some((action) => partOfList(action, event(name)) !== undefined);
    expect(unknown.filter((name) => !isOfLists(name))).toEqual([]);
    expect(unknown.length).toBeGreaterThan(30);
  });
});

it('each action has one entry', () => {
  expect(new Set([...permissions.keys()].map((name) => name.toLowerCase())).size).toBe(permissions.size);
});
