import { commandOf, traitsOf } from '../../agi/wire/command-table';
import { wordsOf } from '../../agi/wire/words';
import { lineLimit } from '../../ground/line-limit';
import { atOnce, usage } from './answers-at-once';
import { inTime } from './answers-in-time';
import { createChannelState } from './channel-state';
import { realClock, type Clock } from './clock';
import type { Running } from './running';
import type { AsteriskOptions, SimulatedChannel } from './simulated-channel';

/** Asterisk's side of one call. */
export interface Asterisk {
  readonly channel: SimulatedChannel;
  /** Each line that came, in order. */
  readonly commands: readonly string[];
  /** Bytes of the script have come. */
  feed(bytes: string): void;
  /** The caller presses keys. */
  press(keys: string): void;
  /** The caller hangs up. */
  hangUp(): void;
  /** The connection ended: nothing more is said, and no time runs. */
  end(): void;
}

/**
 * Plays Asterisk's side strictly: what Asterisk would refuse is refused, what it would cut is cut.
 * @param send is given the bytes that go to the script
 */
export function createAsterisk(send: (bytes: string) => void, options: AsteriskOptions = {}, clock: Clock = realClock): Asterisk {
  const channel = createChannelState(options);
  const limit = lineLimit(options.version ?? '22.10.1');
  const commands: string[] = [];
  const waiting: string[] = [];
  let buffer = '';
  let ended = false;
  let running: { command: Running; since: number; stop: () => void } | undefined;

  const reply = (text: string): void => {
    if (!ended) send(`${text}\n`);
  };

  const finish = (text: string): void => {
    const over = running;
    over?.stop();
    running = undefined;
    if (over) options.watcher?.ended(over.command);
    if (text !== '') reply(text);
    const next = waiting.shift();
    if (next !== undefined) run(next);
  };

  const begin = (line: string, command: Running): void => {
    // A line that is there already stops a playback as one that comes later does.
    if (command.interrupted !== undefined && waiting.length > 0) return finish(command.interrupted);
    if (command.begins !== undefined) reply(command.begins);
    running = { command, since: clock.now(), stop: () => undefined };
    runFor(command.time);
    // Keys that were pressed before are read first.
    while (command.key && isRunning(command) && channel.keys.length > 0) readKey(channel.keys.shift() as string);
    if (isRunning(command)) options.watcher?.began(line, command);
  };

  const runFor = (time: number): void => {
    const current = running;
    if (!current) return;
    current.stop();
    current.stop = time === Infinity ? () => undefined : clock.after(time, () => finish(current.command.ends()));
  };

  const isRunning = (command: Running): boolean => running?.command === command;

  const readKey = (key: string): void => {
    if (!running?.command.key) return void channel.keys.push(key);
    const { timeAfterKey } = running.command;
    const answer = running.command.key(key, clock.now() - running.since);
    if (answer !== undefined) finish(answer);
    else if (timeAfterKey !== undefined) runFor(timeAfterKey);
  };

  const take = (line: string): void => {
    commands.push(line);
    const { interrupted } = running?.command ?? {};
    if (!running) return run(line);
    waiting.push(line);
    if (interrupted !== undefined) finish(interrupted);
  };

  const run = (line: string): void => {
    const words = wordsOf(line);
    const name = commandOf(words);
    if (name === undefined) return finish('510 Invalid or unknown command');
    const dead = channel.dead && !traitsOf(name).onDeadChannel;
    if (dead) return finish('511 Command Not Permitted on a dead channel or intercept routine');
    const args = words.slice(name.split(' ').length);
    if (name === 'HANGUP') return hangUpCommand(args);
    const [least, most, answer] = atOnce[name] ?? inTime[name] ?? [0, 0, () => usage];
    if (args.length < least || args.length > most) return finish(usage);
    const begun = answer(args, channel);
    if (typeof begun === 'string') finish(begun);
    else if (channel.dead) finish(begun.ends());
    else begin(line, begun);
  };

  const hangUpCommand = ([name, ...more]: string[]): void => {
    if (more.length > 0) return finish(usage);
    if (name !== undefined && ![channel.name, channel.uniqueId].some((own) => own.toLowerCase() === name.toLowerCase()))
      return finish('200 result=-1');
    reply('200 result=1');
    hangUp();
    finish('');
  };

  const hangUp = (): void => {
    if (channel.dead) return;
    channel.dead = true;
    const command = running;
    const text = command?.command.hangUp(clock.now() - command.since) ?? '';
    if (text !== '') finish(text);
    if (options.notices ?? true) reply('HANGUP');
  };

  return {
    channel,
    commands,
    feed(bytes) {
      buffer += bytes;
      for (let end = buffer.indexOf('\n'); end >= 0 || buffer.length >= limit; end = buffer.indexOf('\n')) {
        // A line that is too long is cut, and its rest is a line of its own.
        const length = end < 0 || end >= limit ? limit - 1 : end;
        const line = buffer.slice(0, length);
        buffer = buffer.slice(length === end ? end + 1 : length);
        take(line);
      }
    },
    press(keys) {
      for (const key of keys) readKey(key);
    },
    hangUp,
    end() {
      ended = true;
      waiting.length = 0;
      running?.stop();
      running = undefined;
    },
  };
}
