import { createHash, randomInt } from 'node:crypto';
import { createEventChoice, filteredText } from './event-choice';
import { builtInActions, type ManagerAction, type ManagerAnswer, type ManagerState } from './manager-state';
import { createActionReader, messageOf, type ManagerFields, type ReceivedAction, type Unreadable } from './manager-wire';
import { mayDo, privilegeOf, type ManagerUser } from './manager-user';
import { commandAnswer, type CommandForm } from './command-form';

/** How the simulated manager behaves towards each client. */
export interface SessionOptions {
  /** Who may log in: each user's secret, or the secret and the classes that it may read and write (`phpagi`: `phpagi`, which may do all). */
  readonly users?: Readonly<Record<string, string | ManagerUser>>;
  /** The version that the banner tells (11.0.0). */
  readonly version?: string;
  /** Whether it gives challenges (true); without, only the plain secret can be sent. */
  readonly challenge?: boolean;
  /** Further actions, and others than its own, by name. */
  readonly actions?: Readonly<Record<string, ManagerAction>>;
  /** How long a refused log-in takes, in ms (1,000). */
  readonly refusal?: number;
  /** Does not answer Events if all are wanted, as `brokeneventsaction` of manager.conf has it. */
  readonly brokenEvents?: boolean;
  /** What a console command's output looks like: `old` is that of Asterisk before 14. */
  readonly commands?: CommandForm;
}

/** One client's connection. Knows no sockets. */
export interface ClientSession {
  receive(bytes: string): void;
  event(name: string, fields: ManagerFields, privilege: string): void;
  /** Asterisk has started. */
  boot(): void;
  readonly filters: readonly string[];
}

interface Way {
  send(bytes: string): void;
  /** The manager closes the connection. */
  over(): void;
  note(action: ReceivedAction): void;
}

export function createClientSession(options: SessionOptions, state: ManagerState, way: Way): ClientSession {
  const { users = { phpagi: 'phpagi' }, version = '11.0.0', challenge = true, refusal = 1000 } = options;
  const actions = new Map(Object.entries(builtInActions));
  for (const [name, action] of Object.entries(options.actions ?? {})) actions.set(name.toLowerCase(), action);
  const read = createActionReader();
  /** What waits for the action before it: Asterisk carries out one at a time. */
  const waiting: (ReceivedAction | Unreadable)[] = [];
  let isBusy = false;
  let given: string | undefined;
  let user: ManagerUser | undefined;
  let choice = createEventChoice(undefined);

  const respond = (id: string | undefined, { error, message, fields = {}, list }: ManagerAnswer): void => {
    const start = list ? { EventList: 'start' } : {};
    way.send(messageOf(['Response', error === undefined ? 'Success' : 'Error'], id, { ...start, Message: error ?? message, ...fields }));
    if (!list) return;
    let count = 0;
    for (const [event, entry] of list.entries) {
      count++;
      way.send(messageOf(['Event', event], id, entry));
    }
    way.send(messageOf(['Event', list.complete], id, { EventList: list.cancelled ? 'cancelled' : 'Complete', ListItems: count }));
  };

  const later = (ms: number, work: () => void): void => {
    isBusy = true;
    setTimeout(() => {
      isBusy = false;
      work();
      takeNext();
    }, ms);
  };

  const logIn = (action: ReceivedAction): void => {
    const known = users[action.get('Username') ?? ''];
    const candidate = typeof known === 'string' ? { secret: known } : known;
    const isMd5 = /^md5$/i.test(action.get('AuthType') ?? '');
    const proof = isMd5 ? action.get('Key') : action.get('Secret');
    const expected = isMd5 ? given && createHash('md5').update(`${given}${candidate?.secret}`).digest('hex') : candidate?.secret;
    if (!candidate || proof !== expected) {
      return later(refusal, () => {
        respond(action.id, { error: 'Authentication failed' });
        way.over();
      });
    }
    user = candidate;
    choice = createEventChoice(user.read);
    choice.setMask(action.get('Events') ?? 'on');
    respond(action.id, { message: 'Authentication accepted' });
    if (state.isBooted()) boot();
  };

  const boot = (): void => event('FullyBooted', { Status: 'Fully Booted' }, 'system');

  const early: Record<string, (action: ReceivedAction) => void> = {
    challenge(action) {
      if (!challenge) return respond(action.id, unknown(action, state) ?? {});
      given = `${randomInt(1e8, 1e9)}`;
      respond(action.id, { fields: { Challenge: given } });
    },
    login: logIn,
    logoff(action) {
      way.send(messageOf(['Response', 'Goodbye'], action.id, { Message: 'Thanks for all the fish.' }));
      way.over();
    },
  };

  const own: Record<string, (action: ReceivedAction) => void> = {
    events(action) {
      const mask = action.get('EventMask') ?? '';
      const isOn = choice.setMask(mask);
      if (!options.brokenEvents || !/^(?:on|all|yes|true)$/i.test(mask)) respond(action.id, { fields: { Events: isOn ? 'On' : 'Off' } });
    },
    // Only those that the user may do, and of a module that is loaded.
    listcommands(action) {
      const known = state.isBooted() ? [...Object.keys(early), ...Object.keys(own), ...actions.keys()] : ['events', 'listcommands', 'ping'];
      const names = known.filter((name) => user && mayDo(user, name));
      respond(action.id, { fields: Object.fromEntries(names.map((name) => [name, `Does what it says.  (Priv: ${privilegeOf(name)})`])) });
    },
    filter: (action) => respond(action.id, choice.addFilter(action)),
    command: (action) => way.send(commandAnswer(action, options.commands ?? 'new')),
  };

  const carryOut = (action: ReceivedAction | Unreadable): void => {
    if ('refused' in action) return respond(action.id, { error: action.refused });
    way.note(action);
    const name = action.name.toLowerCase();
    const first = early[name];
    if (first) return first(action);
    const given = actions.get(name);
    const special = given === undefined ? own[name] : undefined;
    // What it does not know it does not know for anybody.
    if (!user || ((given ?? special) && !mayDo(user, action.name))) return respond(action.id, { error: 'Permission denied' });
    if (special) return special(action);
    const answer = (given ?? unknown)(action, state);
    if (answer?.after !== undefined) later(answer.after, () => respond(action.id, answer));
    else if (answer) respond(action.id, answer);
  };

  const takeNext = (): void => {
    for (let next = isBusy ? undefined : waiting.shift(); next; next = isBusy ? undefined : waiting.shift()) carryOut(next);
  };

  const event = (name: string, fields: ManagerFields, privilege: string): void => {
    if (!user || !choice.takes(name, filteredText(name, fields), privilege)) return;
    way.send(messageOf(['Event', name], undefined, { Privilege: `${privilege},all`, ...fields }));
  };

  way.send(`Asterisk Call Manager/${version}\r\n`);
  return {
    receive(bytes) {
      waiting.push(...read(bytes));
      takeNext();
    },
    event,
    boot,
    get filters() {
      return choice.filters;
    },
  };
}

const unknown: ManagerAction = ({ name }) => ({
  error: `Invalid/unknown command: ${name}. Use Action: ListCommands to show available commands.`,
});
