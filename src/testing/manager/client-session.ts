import { createHash, randomInt } from 'node:crypto';
import { builtInActions, type ManagerAction, type ManagerAnswer, type ManagerState } from './manager-state';
import { createActionReader, messageOf, type ManagerFields, type ReceivedAction, type Unreadable } from './manager-wire';

/** How the simulated manager behaves. */
export interface ManagerServerOptions {
  /** Who may log in: the secret of each user (`phpagi`: `phpagi`). */
  readonly users?: Readonly<Record<string, string>>;
  /** The version that the banner tells (11.0.0). */
  readonly version?: string;
  /** Whether it gives challenges (true); without, only the plain secret can be sent. */
  readonly challenge?: boolean;
  /** Further actions, and others than its own, by name. */
  readonly actions?: Readonly<Record<string, ManagerAction>>;
  /** Has it speak TLS, with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** One client's connection. Knows no sockets. */
export interface ClientSession {
  receive(bytes: string): void;
  event(name: string, fields: ManagerFields, privilege: string): void;
}

/** @param over is called when the manager closes the connection */
export function createClientSession(
  options: ManagerServerOptions,
  state: ManagerState,
  note: (action: ReceivedAction) => void,
  send: (bytes: string) => void,
  over: () => void,
): ClientSession {
  const { users = { phpagi: 'phpagi' }, version = '11.0.0', challenge = true } = options;
  const actions = new Map(Object.entries(builtInActions));
  for (const [name, action] of Object.entries(options.actions ?? {})) actions.set(name.toLowerCase(), action);
  const read = createActionReader();
  let given: string | undefined;
  let loggedIn = false;
  let mask = 'on';

  const respond = (id: string | undefined, { error, message, fields = {}, list }: ManagerAnswer): void => {
    const start = list ? { EventList: 'start' } : {};
    send(messageOf(['Response', error === undefined ? 'Success' : 'Error'], id, { ...start, Message: error ?? message, ...fields }));
    if (!list) return;
    let count = 0;
    for (const [event, entry] of list.entries) {
      count++;
      send(messageOf(['Event', event], id, entry));
    }
    send(messageOf(['Event', list.complete], id, { EventList: 'Complete', ListItems: count }));
  };

  const logIn = (action: ReceivedAction): void => {
    const secret = users[action.get('Username') ?? ''];
    const md5 = /^md5$/i.test(action.get('AuthType') ?? '');
    const proof = md5 ? action.get('Key') : action.get('Secret');
    const expected = md5 ? given && createHash('md5').update(`${given}${secret}`).digest('hex') : secret;
    loggedIn = secret !== undefined && proof === expected;
    respond(action.id, loggedIn ? { message: 'Authentication accepted' } : { error: 'Authentication failed' });
    if (!loggedIn) return over();
    mask = maskOf(action.get('Events') ?? 'on');
    event('FullyBooted', { Status: 'Fully Booted' }, 'system');
  };

  const before: Record<string, (action: ReceivedAction) => void> = {
    challenge(action) {
      if (!challenge)
        return respond(action.id, { error: 'Invalid/unknown command: Challenge. Use Action: ListCommands to show available commands.' });
      given = `${randomInt(1e8, 1e9)}`;
      respond(action.id, { fields: { Challenge: given } });
    },
    login: logIn,
    logoff(action) {
      send(messageOf(['Response', 'Goodbye'], action.id, { Message: 'Thanks for all the fish.' }));
      over();
    },
  };

  const take = (action: ReceivedAction | Unreadable): void => {
    if ('refused' in action) return respond(undefined, { error: action.refused });
    note(action);
    const name = action.name.toLowerCase();
    const early = before[name];
    if (early) return early(action);
    if (!loggedIn) return respond(action.id, { error: 'Permission denied' });
    if (name === 'events') {
      mask = maskOf(action.get('EventMask') ?? '');
      return respond(action.id, { fields: { Events: mask === 'off' ? 'Off' : 'On' } });
    }
    const answer = (actions.get(name) ?? unknown)(action, state);
    if (answer) respond(action.id, answer);
  };

  const event = (name: string, fields: ManagerFields, privilege: string): void => {
    if (!loggedIn || (mask !== 'on' && !mask.split(',').includes(privilege))) return;
    send(messageOf(['Event', name], undefined, { Privilege: `${privilege},all`, ...fields }));
  };

  send(`Asterisk Call Manager/${version}\r\n`);
  return {
    receive(bytes) {
      for (const action of read(bytes)) take(action);
    },
    event,
  };
}

const unknown: ManagerAction = ({ name }) => ({
  error: `Invalid/unknown command: ${name}. Use Action: ListCommands to show available commands.`,
});

function maskOf(text: string): string {
  if (/^(?:on|yes|true|all|1)$/i.test(text)) return 'on';
  return /^(?:off|no|false|none|0|)$/i.test(text) ? 'off' : text.toLowerCase().replaceAll(' ', '');
}
